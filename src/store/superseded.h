#pragma once

#include <span>
#include <string>
#include <vector>

#include "job/settlement.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Ends the jobs of messages that settled replies also answered, by the statement `sql`. A row
/// that the database refuses to change does not fail a settlement that stands alone: that reply is
/// sent, and the row stays as it is.
void end_superseded(SqlTransaction& transaction,
                    const SqlStatement& sql,
                    std::span<const Settlement> settlements,
                    std::span<const Result<void>> settled);

}  // namespace autoreply

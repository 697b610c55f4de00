#pragma once

#include <span>

#include "job/settlement.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Ends the jobs of messages that the settlements' replies also answered, by the statement `sql`.
/// Comes before the settlements, under whose tokens it writes. If the database refuses a row, a
/// settlement that stands alone does not fail: the row stays as it was.
void end_superseded(SqlTransaction& transaction,
                    const SqlStatement& sql,
                    std::span<const Settlement> settlements);

}  // namespace autoreply

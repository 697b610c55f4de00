#pragma once

#include "job/settlement.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// Ends the jobs of messages that the settlement's reply also answered, by the statement `sql`,
/// each by itself. If the database refuses one, that row stays as it was.
void end_each_superseded(SqlTransaction& transaction,
                         const SqlStatement& sql,
                         const Settlement& settlement);

}  // namespace autoreply

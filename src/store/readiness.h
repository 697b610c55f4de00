#pragma once

#include "base/result.h"
#include "store/sql_database.h"

namespace autoreply {

/// Returns `misconfigured`, with what to do, if the database is not migrated, lacks a table of the
/// host or hides its rows from our role.
[[nodiscard]] Result<void> check_readiness(SqlDatabase& database);

}  // namespace autoreply

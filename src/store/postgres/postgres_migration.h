#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace autoreply {

/// `migrate` for PostgreSQL. Works on a live database: no lock is held or waited for long, indexes
/// are built concurrently, existing rows are filled page by page. Returns a line for each thing
/// done. Errors: `misconfigured` behind a pooler in transaction mode, and for tables that cannot be
/// migrated; `busy` when locks or another migration stood in the way for too long.
[[nodiscard]] Result<std::vector<std::string>> migrate_postgres(const DatabaseConfig& config);

/// The statements that `migrate_postgres` runs on an empty database.
[[nodiscard]] std::string postgres_migration_sql(const DatabaseConfig& config);

}  // namespace autoreply

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database_config.h"
#include "store/migration_progress.h"

namespace autoreply {

/// `migrate` for PostgreSQL. Works on a live database: it neither holds a lock for long nor waits
/// long for one, builds indexes concurrently, and fills existing rows page by page. Returns a line
/// for each thing done. Errors: `misconfigured` behind a pooler in transaction mode, or for tables
/// that cannot be migrated; `busy` if locks or another migration stood in the way for too long.
[[nodiscard]] Result<std::vector<std::string>> migrate_postgres(const DatabaseConfig& config,
                                                                const MigrationListener& listener);

/// The statements that `migrate_postgres` runs on an empty database.
[[nodiscard]] std::string postgres_migration_sql(const DatabaseConfig& config);

}  // namespace autoreply

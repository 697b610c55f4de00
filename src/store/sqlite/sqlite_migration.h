#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database_config.h"

namespace autoreply {

/// `migrate` for SQLite, in one transaction. Creates the file if there is none. Returns a line for
/// each thing done. Errors: `misconfigured` for tables that cannot be migrated, `unavailable`,
/// `busy`.
[[nodiscard]] Result<std::vector<std::string>> migrate_sqlite(const std::string& path,
                                                              const DatabaseConfig& config);

/// The statements that `migrate_sqlite` runs on an empty file.
[[nodiscard]] std::string sqlite_migration_sql(const DatabaseConfig& config);

}  // namespace autoreply

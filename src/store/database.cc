#include "store/database.h"

#include "store/database_url.h"
#include "store/postgres/postgres_database.h"
#include "store/postgres/postgres_migration.h"
#include "store/sqlite/sqlite_database.h"
#include "store/sqlite/sqlite_migration.h"

namespace autoreply {
Result<std::unique_ptr<JobStore>> open_store(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return open_postgres_store(config);
  return open_sqlite_store(sqlite_path(config.url), config);
}

Result<std::vector<std::string>> migrate(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return migrate_postgres(config);
  return migrate_sqlite(sqlite_path(config.url), config);
}

Result<std::string> migration_sql(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  return *kind == DatabaseKind::postgres ? postgres_migration_sql(config)
                                         : sqlite_migration_sql(config);
}

}  // namespace autoreply

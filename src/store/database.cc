#include "store/database.h"

#include <string_view>

#include <fmt/format.h>

#include "store/postgres/postgres_job_store.h"
#include "store/postgres/postgres_migration.h"
#include "store/sqlite/sqlite_job_store.h"
#include "store/sqlite/sqlite_migration.h"

namespace autoreply {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";

enum class DatabaseKind { postgres, sqlite };

Result<DatabaseKind> kind_of(const std::string& url) {
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return DatabaseKind::postgres;
  }
  if (url.starts_with(kSqlitePrefix) && url.size() > kSqlitePrefix.size()) {
    return DatabaseKind::sqlite;
  }
  // The URL itself may hold a password.
  return fail(ErrorKind::misconfigured,
              "--database must be sqlite:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE");
}

std::string sqlite_path(const DatabaseConfig& config) {
  return config.url.substr(kSqlitePrefix.size());
}

}  // namespace

Result<std::unique_ptr<JobStore>> open_store(const DatabaseConfig& config) {
  const auto kind = kind_of(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return open_postgres_store(config);
  return open_sqlite_store(sqlite_path(config), config);
}

Result<std::vector<std::string>> migrate(const DatabaseConfig& config) {
  const auto kind = kind_of(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return migrate_postgres(config);
  return migrate_sqlite(sqlite_path(config), config);
}

Result<std::string> migration_sql(const DatabaseConfig& config) {
  const auto kind = kind_of(config.url);
  if (!kind) return fail(kind.error());
  return *kind == DatabaseKind::postgres ? postgres_migration_sql(config)
                                         : sqlite_migration_sql(config);
}

}  // namespace autoreply

#include "store/database.h"

#include <utility>

#include "store/database_url.h"
#include "store/postgres/postgres_connection_facts.h"
#include "store/postgres/postgres_database.h"
#include "store/postgres/postgres_migration.h"
#include "store/postgres/run_grants.h"
#include "store/readiness.h"
#include "store/sql_job_store.h"
#include "store/sql_queue_inspector.h"
#include "store/sqlite/sqlite_database.h"
#include "store/sqlite/sqlite_migration.h"

namespace autoreply {
namespace {

Result<std::unique_ptr<SqlDatabase>> open_database(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return open_postgres_database(config);
  return open_sqlite_database(sqlite_path(config.url), config);
}

Result<void> require_roles(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return {};
  return fail(ErrorKind::misconfigured,
              "--grant-to is for PostgreSQL: leave it out, and give the file to the user that runs "
              "autoreply");
}

}  // namespace

Result<std::unique_ptr<JobStore>> open_store(const DatabaseConfig& config) {
  auto database = open_database(config);
  if (!database) return fail(database.error());
  return make_sql_job_store(std::move(*database), config);
}

Result<std::unique_ptr<QueueInspector>> open_inspector(const DatabaseConfig& config) {
  auto database = open_database(config);
  if (!database) return fail(database.error());
  if (auto ready = check_readiness(**database); !ready) return fail(ready.error());
  return make_sql_queue_inspector(std::move(*database), config);
}

Result<ConnectionFacts> connection_facts(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  if (*kind != DatabaseKind::postgres) return ConnectionFacts{};
  auto session = PostgresSession::open(config.url, config.wait);
  if (!session) return fail(session.error());
  return postgres_connection_facts(**session, config);
}

Result<std::vector<std::string>> migrate(const DatabaseConfig& config,
                                         const MigrationListener& listener) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  if (*kind == DatabaseKind::postgres) return migrate_postgres(config, listener);
  return migrate_sqlite(sqlite_path(config.url), config);
}

Result<std::vector<std::string>> grant_rights(const DatabaseConfig& config,
                                              const std::string& role) {
  if (auto has_roles = require_roles(config); !has_roles) return fail(has_roles.error());
  return grant_run_rights(config, role);
}

Result<std::string> rights_sql(const DatabaseConfig& config, const std::string& role) {
  if (auto has_roles = require_roles(config); !has_roles) return fail(has_roles.error());
  return run_grants_sql(config, role);
}

Result<std::string> migration_sql(const DatabaseConfig& config) {
  const auto kind = database_kind(config.url);
  if (!kind) return fail(kind.error());
  return *kind == DatabaseKind::postgres ? postgres_migration_sql(config)
                                         : sqlite_migration_sql(config);
}

}  // namespace autoreply

#include "support/migrated_database.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "base/digest.h"
#include "store/database.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

/// Key of the session lock that protects the creation of a template.
constexpr int kTemplateLock = 20'261'125;
constexpr std::size_t kHashLetters = 16;

void migrate_or_throw(const std::string& url) {
  DatabaseConfig config;
  config.url = url;
  const auto migrated = migrate(config);
  if (!migrated) throw std::runtime_error("migrate: " + migrated.error().message);
}

/// Returns the name of a database on the server that this version has migrated, and creates it if
/// necessary. The name depends on the migration's SQL, so concurrent tests agree on it.
std::string template_of(const std::string& server_url) {
  DatabaseConfig config;
  config.url = server_url;
  const auto sql = migration_sql(config);
  if (!sql) throw std::runtime_error("migrate --print: " + sql.error().message);
  const std::string name = "autoreply_migrated_" + sha256_hex(*sql).substr(0, kHashLetters);
  PostgresConnection server(server_url);
  server.run(fmt::format("select pg_advisory_lock({})", kTemplateLock));
  const auto found =
      server.run(fmt::format("select 1 from pg_database where datname = '{}'", name));
  if (found.empty()) {
    const std::string unfinished = name + "_unfinished";
    server.run(fmt::format("drop database if exists {}", unfinished));
    server.run(fmt::format("create database {}", unfinished));
    migrate_or_throw(with_database(server_url, unfinished));
    server.run(fmt::format("alter database {} rename to {}", unfinished, name));
  }
  return name;
}

}  // namespace

std::unique_ptr<TestDatabase> make_migrated_database(DatabaseKind kind) {
  const char* server_url = std::getenv("AUTOREPLY_TEST_POSTGRES");
  if (kind == DatabaseKind::postgres && server_url != nullptr && *server_url != '\0') {
    return make_postgres_database(server_url, template_of(server_url));
  }
  auto database = make_test_database(kind);
  if (database) migrate_or_throw(database->url());
  return database;
}

}  // namespace autoreply::test

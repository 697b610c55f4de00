#include "store/sqlite/sqlite_migration.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sql.h"
#include "store/host_check.h"
#include "store/schema.h"
#include "store/sql_template.h"
#include "store/sqlite/sqlite_relations.h"
#include "store/sqlite/sqlite_session.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;

// Without defaults that are expressions: SQLite adds no such column to a table that has rows. A
// NULL next_attempt_at reads as created_at.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kQueueColumns{{
    {"next_attempt_at", "text"},
    {"claim_token", "text"},
    {"claimed_at", "text"},
    {"started_at", "text"},
    {"lease_until", "text"},
    {"ai_log_id", "text"},
    {"sends", "integer not null default 0"},
    {"sent_at", "text"},
    {"outcome", "text"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kBreakerColumns{{
    {"blocked_until", "text"},
    {"in_flight_max", "integer not null default 0"},
    {"successes", "integer not null default 0"},
    {"cause", "text not null default 'down'"},
    {"scope", "text not null default 'job'"},
    {"reason", "text not null default ''"},
    {"words", "text not null default ''"},
    {"last_failed", "text not null default ''"},
    {"failing_since", "text"},
    {"accepted_at", "text"},
    {"accepted_job", "text not null default ''"},
    {"rejections", "text not null default '[]'"},
}};

/// SQLite runs only the first of several statements, so they are handed over one by one.
void execute_each(Tx& tx, std::string_view statements) {
  while (!statements.empty()) {
    const std::size_t end = statements.find(";\n");
    tx.execute(statements.substr(0, end));
    statements = end == std::string_view::npos ? "" : statements.substr(end + 2);
  }
}

/// A table of an earlier version lacks them.
void add_breaker_columns(Tx& tx) {
  const std::set<std::string> present = read_columns(tx, "autoreply_breakers");
  for (const auto& [name, type] : kBreakerColumns) {
    if (present.contains(std::string(name))) continue;
    tx.execute(fmt::format("alter table autoreply_breakers add column {} {}", name, type));
  }
}

Result<void> migrate_in(Tx& tx,
                        const TableNames& tables,
                        std::vector<std::string>& lines,
                        std::vector<std::string>& ignored) {
  const Relations relations = read_relations(tx, tables);
  const int version = relations.schema_table ? std::stoi(tx.query(sql::sqlite_schema_version)) : 0;
  if (auto fit = judge_relations(relations.existing, relations.missing, version); !fit) return fit;
  const HostFacts facts = read_host(tx, tables);
  if (relations.existing.empty()) {
    execute_each(tx, sqlite_statement(sql::sqlite_migration_host_tables, tables));
    lines.emplace_back(kHostTablesCreated);
  } else if (!relations.queue_is_table) {
    return queue_is_no_table(tables.queue);
  } else if (auto fits = judge_host(facts, tables, HostCheck::for_migration); !fits) {
    return fits;
  }
  ignored = ignored_columns(facts, tables);
  const std::set<std::string> present = read_columns(tx, tables.queue);
  bool added = false;
  for (const auto& [name, type] : kQueueColumns) {
    if (present.contains(std::string(name))) continue;
    tx.execute(
        with_tables(fmt::format("alter table {{queue}} add column {} {}", name, type), tables));
    added = true;
  }
  if (added) lines.push_back(fmt::format("added our columns to {}", tables.queue));
  if (version == kSchemaVersion) return {};
  execute_each(tx, sqlite_statement(sql::sqlite_migration_own_tables, tables));
  add_breaker_columns(tx);
  // Since the first version the rows keep their own place.
  if (version == 0) tx.execute(with_tables(sql::sqlite_migration_fill_next_attempt_at, tables));
  execute_each(tx, sqlite_statement(sql::sqlite_migration_indexes, tables));
  tx.execute(fmt::format("insert into autoreply_schema (version) values ({})", kSchemaVersion));
  lines.push_back(fmt::format("schema version {}", kSchemaVersion));
  return {};
}

}  // namespace

Result<std::vector<std::string>> migrate_sqlite(const std::string& path,
                                                const DatabaseConfig& config) {
  auto session = SqliteSession::open(path, SqliteSession::Missing::create);
  if (!session) return fail(session.error());
  std::vector<std::string> lines;
  std::vector<std::string> ignored;
  Result<void> migrated;
  // An error rolls nothing back that matters: it is found before anything was written.
  auto done = (*session)->in_transaction(SqliteSession::End::commit, [&](Tx& tx) {
    migrated = migrate_in(tx, config.tables, lines, ignored);
  });
  if (!done) return fail(done.error());
  if (!migrated) return fail(migrated.error());
  if (lines.empty()) {
    lines.push_back(fmt::format("schema version {}: nothing to do", kSchemaVersion));
  }
  lines.insert(lines.begin(), fmt::format("database {}", path));
  lines.insert(lines.end(), ignored.begin(), ignored.end());
  return lines;
}

std::string sqlite_migration_sql(const DatabaseConfig& config) {
  const TableNames& tables = config.tables;
  return sqlite_statement(sql::sqlite_migration_host_tables, tables) + ";\n" +
         sqlite_statement(sql::sqlite_migration_own_tables, tables) + ";\n" +
         sqlite_statement(sql::sqlite_migration_indexes, tables) +
         fmt::format(";\ninsert into autoreply_schema (version) values ({});\n", kSchemaVersion);
}

}  // namespace autoreply

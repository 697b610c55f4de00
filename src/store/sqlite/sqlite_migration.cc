#include "store/sqlite/sqlite_migration.h"

#include <filesystem>
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

constexpr std::string_view kAddColumn = "add column ";

/// Each of the statements adds a column. Runs those whose column the table lacks, and returns
/// whether there were any.
bool add_columns(Tx& tx, const std::string& table, const std::string& statements) {
  const std::set<std::string> present = read_columns(tx, table);
  bool added = false;
  for (const SqlStatement::Part& part : SqlStatement::with_names(statements).parts) {
    const std::string_view rest =
        std::string_view(part.sql).substr(part.sql.find(kAddColumn) + kAddColumn.size());
    if (present.contains(std::string(rest.substr(0, rest.find(' '))))) continue;
    tx.run({{part}});
    added = true;
  }
  return added;
}

Result<void> migrate_in(Tx& tx, const TableNames& tables, std::vector<std::string>& lines) {
  const Relations relations = read_relations(tx, tables);
  const SchemaVersion before = relations.schema_table
                                   ? parse_schema_version(tx.run(sql::sqlite_schema_version))
                                   : SchemaVersion{};
  if (auto fit = judge_relations(relations.existing, relations.missing, before); !fit) return fit;
  if (before > kSchema) {
    lines.push_back(nothing_to_do(before));
    return {};
  }
  const HostFacts facts = read_host(tx, tables);
  if (relations.existing.empty()) {
    tx.run(sqlite_text(sql::sqlite_migration_host_tables, tables));
    lines.emplace_back(kHostTablesCreated);
  } else if (!relations.queue_is_table) {
    return queue_is_no_table(tables.queue);
  } else if (auto fits = judge_host(facts, tables, HostCheck::for_migration); !fits) {
    return fits;
  }
  if (add_columns(tx, tables.queue, sqlite_text(sql::sqlite_migration_queue_columns, tables))) {
    lines.push_back(fmt::format("added autoreply's columns to {}", tables.queue));
  }
  // Programs of an earlier revision may have run since the last migration.
  if (before != SchemaVersion{})
    tx.run(sqlite_text(sql::sqlite_migration_fill_may_have_reply, tables));
  if (before == kSchema) {
    // A host that rebuilds its table must drop the view.
    tx.run(sqlite_text(sql::sqlite_migration_waiting_view, tables));
    return {};
  }
  tx.run(sqlite_text(sql::sqlite_migration_own_tables, tables));
  // The tables of an earlier schema lack these columns.
  add_columns(tx, "autoreply_schema", std::string(sql::sqlite_migration_schema_columns));
  add_columns(tx, "autoreply_breakers", std::string(sql::sqlite_migration_breaker_columns));
  add_columns(tx, "autoreply_runs", std::string(sql::sqlite_migration_run_columns));
  // Only the first migration fills in rows. Later ones leave every `next_attempt_at` as it is.
  if (before == SchemaVersion{}) {
    tx.run(sqlite_text(sql::sqlite_migration_fill_next_attempt_at, tables));
  }
  tx.run(sqlite_text(sql::sqlite_migration_indexes, tables));
  tx.run(sqlite_text(sql::sqlite_migration_waiting_view, tables));
  tx.run(note_schema_sql());
  lines.push_back(fmt::format("schema version {}", kSchema.text()));
  return {};
}

}  // namespace

Result<std::vector<std::string>> migrate_sqlite(const std::string& path,
                                                const DatabaseConfig& config) {
  auto session = SqliteSession::open(path, SqliteSession::Missing::create);
  if (!session) return fail(session.error());
  std::vector<std::string> lines;
  Result<void> migrated;
  // It may commit even if `migrated` is an error, because errors are found before the first write.
  auto done = (*session)->in_transaction(
      SqliteSession::End::commit, [&](Tx& tx) { migrated = migrate_in(tx, config.tables, lines); });
  if (!done) return fail(done.error());
  if (!migrated) return fail(migrated.error());
  if (lines.empty()) {
    lines.push_back(nothing_to_do(kSchema));
  }
  lines.insert(lines.begin(), fmt::format("database {}", std::filesystem::absolute(path).string()));
  return lines;
}

std::string sqlite_migration_sql(const DatabaseConfig& config) {
  const TableNames& tables = config.tables;
  return sqlite_text(sql::sqlite_migration_host_tables, tables) + ";\n" +
         sqlite_text(sql::sqlite_migration_own_tables, tables) + ";\n" +
         sqlite_text(sql::sqlite_migration_indexes, tables) + ";\n" +
         sqlite_text(sql::sqlite_migration_waiting_view, tables) + ";\n" + note_schema_sql() +
         ";\n";
}

}  // namespace autoreply

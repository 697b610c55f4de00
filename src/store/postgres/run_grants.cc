#include "store/postgres/run_grants.h"

#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "sql.h"
#include "store/postgres/function_migration.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_session.h"
#include "store/postgres/postgres_statements.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = PostgresSession::End;

std::string grants(const PlacedTables& tables, const std::string& role) {
  std::set<std::string> schemas;
  if (!tables.schema.empty()) schemas.insert(tables.schema);
  for (const auto& [word, name] : kTableWords) {
    const std::string& table = tables.qualified.*name;
    const std::size_t dot = table.find('.');
    if (dot != std::string::npos) schemas.insert(table.substr(0, dot));
  }
  const std::string quoted = quoted_identifier(role);
  std::string text;
  for (const std::string& schema : schemas) {
    text += fmt::format("grant usage on schema {} to {};\n", quoted_identifier(schema), quoted);
  }
  const std::string unfilled =
      replaced(std::string(trimmed(sql::postgres_migration_grants)), "{role}", quoted);
  return text + postgres_text(std::string_view(unfilled), tables);
}

}  // namespace

Result<std::vector<std::string>> grant_run_rights(const DatabaseConfig& config,
                                                  const std::string& role) {
  auto session = PostgresSession::open(config.url, config.wait);
  if (!session) return fail(session.error());
  auto done =
      (*session)->in_transaction({.statement = kMigrationStatementMax}, End::commit, [&](Tx& tx) {
        tx.run(grants(place_tables(tx, config.tables), role));
      });
  if (!done) return fail(done.error());
  // The rights to execute the functions follow from those on our tables.
  auto lines = migrate_functions(**session, config.tables);
  if (!lines) return lines;
  return std::vector<std::string>{fmt::format("granted {} what a run needs", role)};
}

std::string run_grants_sql(const DatabaseConfig& config, const std::string& role) {
  PlacedTables tables{config.tables};
  tables.qualified = config.tables;
  return grants(tables, role) + ";\n";
}

}  // namespace autoreply

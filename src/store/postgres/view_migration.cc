#include "store/postgres/view_migration.h"

#include <fmt/format.h>

#include "sql.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_statements.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = PostgresSession::End;

}  // namespace

Result<std::vector<std::string>> migrate_waiting_view(PostgresSession& session,
                                                      const TableNames& tables) {
  const auto done =
      session.in_transaction({.statement = kMigrationStatementMax}, End::commit, [&](Tx& tx) {
        const PlacedTables placed = place_tables(tx, tables);
        const bool is_new = tx.run(fmt::format("select to_regclass('{}autoreply_waiting') is null",
                                               replaced(placed.prefix(), "'", "''"))) == "t";
        tx.run(postgres_text(sql::postgres_migration_waiting_view, placed));
        const std::string rights =
            tx.run(postgres_text(sql::postgres_migration_waiting_view_rights, placed),
                   {{"is_new", is_new ? "true" : "false"}});
        if (!rights.empty()) tx.run(rights);
      });
  if (done) return std::vector<std::string>{};
  if (done.error().kind == ErrorKind::unavailable) return fail(done.error());
  return std::vector<std::string>{"made no view autoreply_waiting: " + done.error().message};
}

std::string waiting_view_sql(const TableNames& tables, const std::string& prefix) {
  PlacedTables placed{tables};
  placed.qualified = tables;
  return with_own_tables(postgres_text(sql::postgres_migration_waiting_view, placed), prefix);
}

}  // namespace autoreply

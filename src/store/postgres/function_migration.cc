#include "store/postgres/function_migration.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/json_fields.h"
#include "sql.h"
#include "store/claim_json.h"
#include "store/postgres/kept_plans.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

using Tx = SqlTransaction;
using End = PostgresSession::End;

constexpr std::string_view kNoFunctions =
    "made no functions, so PostgreSQL plans each statement of a run anew: ";

struct FunctionState {
  bool current = false;
  std::int64_t next = 1;
  std::vector<std::string> obsolete;
};

FunctionState parse_state(std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element document = parse(parser, json);
  return {.current = flag_of(document, "current"),
          .next = number_of(document, "next"),
          .obsolete = text_array_of(document["obsolete"].value())};
}

/// The tables for which functions are made. Each set of tables has its own generations.
std::string names_of(const TableNames& tables) {
  return fmt::format("{}, {}, {}, {}, {}",
                     tables.queue,
                     tables.logs,
                     tables.messages,
                     tables.contacts,
                     tables.config);
}

/// Creates the functions as a new generation. The one before it stays, since programs of the
/// version before this one may still run.
void make_generation(Tx& tx,
                     const std::vector<KeptPlan>& plans,
                     const FunctionState& state,
                     const PlacedTables& tables) {
  const std::string comment =
      replaced(fmt::format("A plan that autoreply keeps, generation {} for {}",
                           state.next,
                           names_of(tables.qualified)),
               "'",
               "''");
  for (const KeptPlan& plan : plans) {
    const std::string name = tables.prefix() + quoted_identifier(plan.name);
    tx.run(plan.create);
    tx.run(fmt::format("alter function {} owner to {}", name, tables.owner));
    tx.run(fmt::format("comment on function {} is '{}'", name, comment));
  }
  for (const std::string& function : state.obsolete) {
    tx.run(fmt::format("drop function {}", function));
  }
}

}  // namespace

Result<std::vector<std::string>> migrate_functions(PostgresSession& session,
                                                   const TableNames& tables) {
  std::vector<std::string> lines;
  const auto done =
      session.in_transaction({.statement = kMigrationStatementMax}, End::commit, [&](Tx& tx) {
        lines.clear();
        const PlacedTables placed = place_tables(tx, tables);
        const std::vector<KeptPlan> plans = kept_plans(placed);
        if (plans.empty()) {
          lines.push_back(std::string(kNoFunctions) + placed.plans_obstacle);
          return;
        }
        std::vector<std::string> names;
        names.reserve(plans.size());
        for (const KeptPlan& plan : plans) names.push_back(plan.name);
        const SqlParameter parameter{"names", texts_json(names)};
        const FunctionState state =
            parse_state(tx.run(with_own_schema(sql::postgres_migration_functions, placed),
                               {parameter, {"tables", names_of(placed.qualified)}}));
        if (!state.current) {
          make_generation(tx, plans, state, placed);
          lines.push_back(fmt::format("made {} functions that keep plans", plans.size()));
        }
        const std::string rights =
            tx.run(with_own_schema(sql::postgres_migration_function_rights, placed), {parameter});
        if (rights.empty()) return;
        tx.run(rights);
        if (state.current) lines.emplace_back("updated the rights of the functions");
      });
  if (done) return lines;
  if (done.error().kind == ErrorKind::unavailable) return fail(done.error());
  return std::vector<std::string>{std::string(kNoFunctions) + done.error().message};
}

}  // namespace autoreply

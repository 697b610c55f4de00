#include "store/postgres/kept_plans.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "store/postgres/postgres_statements.h"
#include "store/postgres/transaction_settings.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

/// Claims are not among them: a plan for all filters at once would be a worse one.
constexpr auto kRepeated = std::to_array<SqlStatement Statements::*>({
    &Statements::start,
    &Statements::record,
    &Statements::settle,
    &Statements::supersede,
    &Statements::renew,
});

/// FNV-1a. It tells our texts apart. It is no protection against an attacker.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3;
  }
  return hash;
}

/// The planner's settings as those of a function.
std::string function_settings(Plans plans) {
  std::string settings;
  for (const ServerSetting& setting : planner_settings(plans)) {
    settings += fmt::format(" set {} = {}\n", setting.name, setting.value);
  }
  return settings;
}

KeptPlan kept_plan(SqlStatement Statements::*statement,
                   std::string_view statement_name,
                   std::string_view text,
                   const std::string& prefix) {
  const SqlStatement::Part body = std::move(SqlStatement::with_shared_numbers(text).parts.front());
  const std::vector<std::string_view> types(body.parameters.size(), "text");
  // No other object than those of the tables' schemas and PostgreSQL's own can be meant.
  const std::string definition = fmt::format(
      "({}) returns text language plpgsql volatile security invoker\n"
      " set search_path = pg_catalog, pg_temp\n"
      " set plan_cache_mode = force_generic_plan\n"
      "{}as $autoreply$\n"
      "#variable_conflict use_column\n"
      "declare\n"
      "  autoreply_answer text;\n"
      "begin\n"
      "{}\n"
      "into autoreply_answer;\n"
      "return autoreply_answer;\n"
      "end\n"
      "$autoreply$",
      fmt::join(types, ", "),
      function_settings(Plans::lookups),
      trimmed(body.sql));
  KeptPlan plan{.statement = statement,
                .name = fmt::format("autoreply_{}_{:016x}", statement_name, hash_of(definition)),
                .create = {},
                .call = {}};
  const std::string name = prefix + quoted_identifier(plan.name);
  plan.create = fmt::format("create or replace function {}{}", name, definition);
  std::vector<std::string> numbers;
  for (std::size_t number = 1; number <= types.size(); ++number) {
    numbers.push_back(fmt::format("${}", number));
  }
  plan.call = {{{.sql = fmt::format("select {}({})", name, fmt::join(numbers, ", ")),
                 .parameters = body.parameters}}};
  return plan;
}

}  // namespace

std::vector<KeptPlan> kept_plans(const PlacedTables& tables) {
  std::vector<KeptPlan> plans;
  if (!tables.plans_obstacle.empty()) return plans;
  for (const SqlFile& file : postgres_files()) {
    if (std::ranges::find(kRepeated, file.statement) == kRepeated.end()) continue;
    plans.push_back(kept_plan(
        file.statement, file.name, postgres_text(file.statement, tables), tables.prefix()));
  }
  return plans;
}

}  // namespace autoreply

#include "store/postgres/postgres_statements.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "store/postgres/kept_plans.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

SqlTemplate template_for(const PlacedTables& tables) {
  const auto value_of = [&tables](std::string_view name) -> std::optional<std::string> {
    if (name == "queue_lock") return std::to_string(tables.lock_key);
    if (name == "status_type") return tables.status_type;
    if (name == "own_schema") return tables.schema_in_quotes();
    if (name == "own") return tables.prefix();
    if (auto table = table_of(name, tables.qualified)) return table;
    return outcome_note_of(name);
  };
  return {postgres_files(), value_of};
}

}  // namespace

Statements postgres_statements(const PlacedTables& tables) {
  Statements statements = template_for(tables).statements([&tables](const std::string& text) {
    return SqlStatement::with_numbers(with_own_tables(text, tables.prefix()));
  });
  if (tables.functions.empty()) return statements;
  for (KeptPlan& plan : kept_plans(tables)) {
    if (std::ranges::find(tables.functions, plan.name) == tables.functions.end()) continue;
    statements.*plan.statement = std::move(plan.call);
  }
  return statements;
}

std::string postgres_text(SqlStatement Statements::*statement, const PlacedTables& tables) {
  const auto file = std::ranges::find(postgres_files(), statement, &SqlFile::statement);
  return postgres_text(file->text, tables);
}

std::string postgres_text(std::string_view sql, const PlacedTables& tables) {
  return with_own_tables(template_for(tables).filled_in(sql), tables.prefix());
}

}  // namespace autoreply

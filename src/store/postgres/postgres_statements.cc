#include "store/postgres/postgres_statements.h"

#include <optional>
#include <string>
#include <string_view>

#include "store/sql_template.h"

namespace autoreply {

Statements postgres_statements(const PlacedTables& tables) {
  const auto value_of = [&tables](std::string_view name) -> std::optional<std::string> {
    if (name == "queue_lock") return std::to_string(tables.lock_key);
    if (name == "status_type") return tables.status_type;
    if (name == "own_schema") return replaced(tables.schema, "'", "''");
    if (name == "own") return tables.prefix();
    if (auto table = table_of(name, tables)) return table;
    return outcome_note_of(name);
  };
  return SqlTemplate(postgres_files(), value_of).statements([&tables](const std::string& text) {
    return SqlStatement::with_numbers(with_own_tables(text, tables.prefix()));
  });
}

}  // namespace autoreply

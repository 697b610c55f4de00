#include "store/postgres/placed_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <simdjson.h>

#include "base/json_fields.h"
#include "sql.h"
#include "store/sql_template.h"

namespace autoreply {

std::string PlacedTables::prefix() const {
  return schema.empty() ? "" : quoted_identifier(schema) + ".";
}

std::string PlacedTables::schema_in_quotes() const {
  return replaced(schema, "'", "''");
}

std::string with_own_schema(std::string_view sql, const PlacedTables& tables) {
  return replaced(std::string(sql), "{own_schema}", tables.schema_in_quotes());
}

std::string queue_place_sql(const TableNames& tables) {
  return with_tables(sql::postgres_setup_queue_place, tables);
}

PlacedTables parse_queue_place(const TableNames& tables, std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element document = parse(parser, json);
  PlacedTables placed{tables};
  placed.qualified = tables;
  placed.schema = text_of(document, "schema");
  placed.lock_key = number_of(document, "lock_key");
  if (auto type = optional_text(document, "status_type")) placed.status_type = std::move(*type);
  bool all_qualified = true;
  for (const auto& [key, name] : kTableWords) {
    auto qualified = optional_text(document["tables"].value(), key);
    all_qualified = all_qualified && qualified;
    if (qualified) placed.qualified.*name = std::move(*qualified);
  }
  const std::vector<std::string> triggers = text_array_of(document["triggers"].value());
  if (!all_qualified) {
    placed.plans_obstacle = "the name of a table or schema has a dot, or a table is missing";
  } else if (!flag_of(document, "plain_types")) {
    placed.plans_obstacle = "a column has a type with operators of its own";
  } else if (!triggers.empty()) {
    placed.plans_obstacle = fmt::format(
        "the function of the trigger {} sets no search_path: ALTER FUNCTION … SET search_path",
        fmt::join(triggers, ", "));
  } else {
    placed.plans_obstacle.clear();
  }
  placed.functions = text_array_of(document["functions"].value());
  placed.owner = text_of(document, "owner");
  return placed;
}

PlacedTables place_tables(SqlTransaction& transaction, const TableNames& tables) {
  return parse_queue_place(tables, transaction.run(queue_place_sql(tables)));
}

}  // namespace autoreply

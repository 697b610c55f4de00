#include "store/postgres/placed_tables.h"

#include <array>

#include <simdjson.h>

#include "base/json_fields.h"
#include "sql.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

constexpr auto kTables = std::to_array<std::pair<std::string_view, std::string TableNames::*>>({
    {"queue", &TableNames::queue},
    {"logs", &TableNames::logs},
    {"messages", &TableNames::messages},
    {"contacts", &TableNames::contacts},
    {"config", &TableNames::config},
});

}  // namespace

std::string PlacedTables::prefix() const {
  return schema.empty() ? "" : quoted_identifier(schema) + ".";
}

PlacedTables placed_in_public(const TableNames& tables) {
  PlacedTables placed{tables};
  placed.qualified = tables;
  for (const auto& [key, name] : kTables) {
    std::string& qualified = placed.qualified.*name;
    if (qualified.find('.') == std::string::npos) qualified.insert(0, "public.");
  }
  placed.schema = placed.qualified.queue.substr(0, placed.qualified.queue.find('.'));
  placed.plans_can_be_kept = true;
  return placed;
}

std::string with_own_schema(std::string_view sql, const PlacedTables& tables) {
  return replaced(std::string(sql), "{own_schema}", replaced(tables.schema, "'", "''"));
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
  for (const auto& [key, name] : kTables) {
    auto qualified = optional_text(document["tables"].value(), key);
    all_qualified = all_qualified && qualified;
    if (qualified) placed.qualified.*name = std::move(*qualified);
  }
  placed.plans_can_be_kept = all_qualified && flag_of(document, "plain_types");
  placed.functions = text_array_of(document["functions"].value());
  return placed;
}

PlacedTables place_tables(SqlTransaction& transaction, const TableNames& tables) {
  return parse_queue_place(tables, transaction.run(queue_place_sql(tables)));
}

}  // namespace autoreply

#include "store/postgres/placed_tables.h"

#include <simdjson.h>

#include "base/json_fields.h"
#include "sql.h"
#include "store/sql_template.h"

namespace autoreply {

std::string PlacedTables::prefix() const {
  return schema.empty() ? "" : quoted_identifier(schema) + ".";
}

std::string queue_place_sql(const TableNames& tables) {
  return with_tables(sql::postgres_setup_queue_place, tables);
}

PlacedTables parse_queue_place(const TableNames& tables, std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element document = parse(parser, json);
  PlacedTables placed{tables};
  placed.schema = text_of(document, "schema");
  placed.lock_key = number_of(document, "lock_key");
  if (auto type = optional_text(document, "status_type")) placed.status_type = std::move(*type);
  return placed;
}

PlacedTables place_tables(SqlTransaction& transaction, const TableNames& tables) {
  return parse_queue_place(tables, transaction.run(queue_place_sql(tables)));
}

}  // namespace autoreply

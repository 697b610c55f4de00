#include "store/sqlite/sqlite_relations.h"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/json_fields.h"
#include "sql.h"

namespace autoreply {

using nlohmann::json;

Relations read_relations(SqlTransaction& transaction, const TableNames& tables) {
  const json names{tables.queue, tables.logs, tables.messages, tables.contacts, tables.config};
  simdjson::dom::parser parser;
  const simdjson::dom::element found =
      parse(parser,
            transaction.run(sql::sqlite_setup_relations,
                            {{"names", names.dump()}, {"queue_name", tables.queue}}));
  return {.existing = text_array_of(found["existing"].value()),
          .missing = text_array_of(found["missing"].value()),
          .queue_is_table = flag_of(found, "queue_is_table"),
          .schema_table = flag_of(found, "schema_table")};
}

std::set<std::string> read_columns(SqlTransaction& transaction, const std::string& table) {
  simdjson::dom::parser parser;
  const std::vector<std::string> names = text_array_of(
      parse(parser, transaction.run(sql::sqlite_setup_columns, {{"table_name", table}})));
  return {names.begin(), names.end()};
}

HostFacts read_host(SqlTransaction& transaction, const TableNames& tables) {
  return parse_host(transaction.run(sqlite_text(sql::sqlite_read_host, tables)));
}

HostColumns read_host_columns(SqlTransaction& transaction, const TableNames& tables) {
  return {.messages = read_columns(transaction, tables.messages),
          .contacts = read_columns(transaction, tables.contacts),
          .config = read_columns(transaction, tables.config)};
}

}  // namespace autoreply

#include "store/sqlite/sqlite_relations.h"

#include <nlohmann/json.hpp>

#include "sql.h"

namespace autoreply {

using nlohmann::json;

Relations read_relations(SqlTransaction& transaction, const TableNames& tables) {
  const json names{tables.queue, tables.logs, tables.messages, tables.contacts, tables.config};
  const json found = json::parse(transaction.run(
      sql::sqlite_setup_relations, {{"names", names.dump()}, {"queue_name", tables.queue}}));
  return {.existing = found["existing"],
          .missing = found["missing"],
          .queue_is_table = found["queue_is_table"],
          .schema_table = found["schema_table"]};
}

std::set<std::string> read_columns(SqlTransaction& transaction, const std::string& table) {
  return json::parse(transaction.run(sql::sqlite_setup_columns, {{"table_name", table}}));
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

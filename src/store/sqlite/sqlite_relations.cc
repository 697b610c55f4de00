#include "store/sqlite/sqlite_relations.h"

#include <nlohmann/json.hpp>

#include "sql.h"

namespace autoreply {

using nlohmann::json;

Relations read_relations(SqlTransaction& transaction, const TableNames& tables) {
  const json names{tables.queue, tables.logs, tables.messages, tables.contacts, tables.config};
  const json found = json::parse(transaction.query(
      sql::sqlite_relations, {{"names", names.dump()}, {"queue_name", tables.queue}}));
  return {.existing = found["existing"],
          .missing = found["missing"],
          .queue_is_table = found["queue_is_table"],
          .schema_table = found["schema_table"]};
}

std::set<std::string> read_columns(SqlTransaction& transaction, const std::string& table) {
  return json::parse(transaction.query(sql::sqlite_columns, {{"table_name", table}}));
}

HostFacts read_host(SqlTransaction& transaction, const TableNames& tables) {
  const json names{{"queue", tables.queue},
                   {"logs", tables.logs},
                   {"messages", tables.messages},
                   {"contacts", tables.contacts},
                   {"config", tables.config}};
  return parse_host(transaction.query(sql::sqlite_read_host, {{"names", names.dump()}}));
}

HostColumns read_host_columns(SqlTransaction& transaction, const TableNames& tables) {
  return {.messages = read_columns(transaction, tables.messages),
          .contacts = read_columns(transaction, tables.contacts),
          .config = read_columns(transaction, tables.config)};
}

}  // namespace autoreply

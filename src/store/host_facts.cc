#include "store/host_facts.h"

#include <stdexcept>

#include <simdjson.h>

#include "base/json_fields.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;

HostTable::Role parse_role(std::string_view word) {
  if (word == "queue") return HostTable::Role::queue;
  if (word == "logs") return HostTable::Role::logs;
  if (word == "messages") return HostTable::Role::messages;
  if (word == "contacts") return HostTable::Role::contacts;
  if (word == "config") return HostTable::Role::config;
  throw std::runtime_error("the catalog names an unknown table");
}

HostColumn parse_column(dom::element row) {
  HostColumn column{.name = text_of(row, "name"),
                    .type = text_of(row, "type"),
                    .category = text_of(row, "category"),
                    .is_domain = flag_of(row, "domain"),
                    .needs_value = flag_of(row, "needs_value"),
                    .is_fixed = flag_of(row, "fixed"),
                    .may_select = flag_of(row, "select"),
                    .may_insert = flag_of(row, "insert"),
                    .may_update = flag_of(row, "update")};
  column.labels = texts_of(row, "labels");
  for (const dom::element check : elements_of(row, "checks")) {
    column.checks.push_back({text_of(check, "name"), text_of(check, "definition")});
  }
  column.characters_max = optional_whole(row, "characters");
  return column;
}

}  // namespace

HostFacts parse_host(std::string_view json) {
  dom::parser parser;
  const dom::element document = parse(parser, json);
  HostFacts facts{.role = text_of(document, "role")};
  for (const dom::element row : elements_of(document, "tables")) {
    HostTable& table = facts.tables.emplace_back();
    table.role = parse_role(text_of(row, "role"));
    table.takes_updates = flag_of(row, "may_update");
    table.takes_inserts = flag_of(row, "may_insert");
    table.fills_in = flag_of(row, "fills_in");
    for (const dom::element column : array_of(row["columns"].value())) {
      table.columns.push_back(parse_column(column));
    }
  }
  for (const dom::element row : array_of(document["own"].value())) {
    facts.own.push_back({.name = text_of(row, "name"),
                         .may_select = flag_of(row, "select"),
                         .may_insert = flag_of(row, "insert"),
                         .may_update = flag_of(row, "update")});
  }
  return facts;
}

}  // namespace autoreply

#include "store/sqlite/sqlite_statements.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "store/sql_template.h"

namespace autoreply {
namespace {

constexpr std::string_view kNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
constexpr std::string_view kMinuteAgo = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-60 seconds')";
constexpr std::string_view kHourAgo = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-3600 seconds')";

// RFC 9562, version 4, from SQLite's own random bytes.
constexpr std::string_view kUuid =
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), "
    "2) || "
    "'-' || substr('89AB', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || "
    "hex(randomblob(6)))";

/// The names of the host's tables by role: JSON, as the text of a literal.
std::string table_roles(const TableNames& tables) {
  nlohmann::ordered_json roles;
  for (const auto& [word, name] : kTableWords) roles[std::string(word)] = tables.*name;
  return replaced(roles.dump(), "'", "''");
}

/// For `m.column` and the like: the column as text, or NULL if the table lacks it. `m` is the
/// message table, `c` the contacts, `g` the configuration.
std::optional<std::string> column_of(std::string_view name, const HostColumns& columns) {
  if (name.size() < 3 || name[1] != '.') return std::nullopt;
  const std::set<std::string>* table = nullptr;
  if (name[0] == 'm') table = &columns.messages;
  if (name[0] == 'c') table = &columns.contacts;
  if (name[0] == 'g') table = &columns.config;
  if (table == nullptr) return std::nullopt;
  if (!table->contains(std::string(name.substr(2)))) return "null";
  return fmt::format("cast({} as text)", name);
}

SqlTemplate sqlite_template(const TableNames& tables, const HostColumns& columns) {
  return {sqlite_files(), [&](std::string_view name) -> std::optional<std::string> {
            if (name == "now") return std::string(kNow);
            if (name == "minute_ago") return std::string(kMinuteAgo);
            if (name == "hour_ago") return std::string(kHourAgo);
            if (name == "uuid") return std::string(kUuid);
            if (name == "table_roles") return table_roles(tables);
            if (auto column = column_of(name, columns)) return column;
            if (auto table = table_of(name, tables)) return table;
            return outcome_note_of(name);
          }};
}

}  // namespace

Statements sqlite_statements(const TableNames& tables, const HostColumns& columns) {
  return sqlite_template(tables, columns).statements([](const std::string& text) {
    return SqlStatement::with_names(text);
  });
}

std::string sqlite_text(std::string_view sql, const TableNames& tables) {
  const HostColumns none;
  return sqlite_template(tables, none).filled_in(sql);
}

}  // namespace autoreply

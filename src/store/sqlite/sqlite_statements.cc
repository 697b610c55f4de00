#include "store/sqlite/sqlite_statements.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "sql.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

constexpr std::string_view kNow = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

// RFC 9562, version 4, from SQLite's own random bytes.
constexpr std::string_view kUuid =
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), "
    "2) || "
    "'-' || substr('89AB', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || '-' || "
    "hex(randomblob(6)))";

/// Replaces `{m.column}` by the column as text, or by NULL where the table lacks it.
std::string with_columns(std::string sql,
                         std::string_view alias,
                         const std::set<std::string>& columns) {
  const std::string opening = fmt::format("{{{}.", alias);
  for (std::size_t at = sql.find(opening); at != std::string::npos; at = sql.find(opening, at)) {
    const std::size_t name_at = at + opening.size();
    const std::size_t end = sql.find('}', name_at);
    const std::string name = sql.substr(name_at, end - name_at);
    sql.replace(at,
                end + 1 - at,
                columns.contains(name) ? fmt::format("cast({}.{} as text)", alias, name) : "null");
  }
  return sql;
}

/// Fills in the fragments, which hold placeholders of their own.
std::string with_fragments(std::string_view sql) {
  const std::array<std::pair<std::string_view, std::string_view>, 5> fragments{{
      {"{filter}", sql::sqlite_filter},
      {"{due_at}", sql::sqlite_due_at},
      {"{made_at}", sql::sqlite_made_at},
      {"{message_is_text}", sql::sqlite_message_is_text},
      {"{config_is_enabled}", sql::sqlite_config_is_enabled},
  }};
  std::string text(sql);
  for (const auto& [placeholder, fragment] : fragments) {
    text = replaced(std::move(text), placeholder, fragment);
  }
  return text;
}

}  // namespace

std::string sqlite_statement(std::string_view sql, const TableNames& tables) {
  return replaced(
      replaced(with_tables(with_fragments(sql), tables), "{now}", kNow), "{uuid}", kUuid);
}

SqliteStatements::SqliteStatements(const TableNames& tables, const HostColumns& columns)
    : forget_claims(sqlite_statement(sql::sqlite_forget_claims, tables)),
      pick(sqlite_statement(sql::sqlite_pick, tables)),
      claim(sqlite_statement(sql::sqlite_claim, tables)),
      count_due(sqlite_statement(sql::sqlite_count_due, tables)),
      mark_started(sqlite_statement(sql::sqlite_mark_started, tables)),
      start(with_columns(
          with_columns(
              with_columns(sqlite_statement(sql::sqlite_start, tables), "m", columns.messages),
              "c",
              columns.contacts),
          "g",
          columns.config)),
      renew(sqlite_statement(sql::sqlite_renew, tables)),
      note_transmissions(sqlite_statement(sql::sqlite_note_transmissions, tables)),
      record_log(sqlite_statement(sql::sqlite_record_log, tables)),
      recorded(sqlite_statement(sql::sqlite_recorded, tables)),
      held(sqlite_statement(sql::sqlite_held, tables)),
      settle(sqlite_statement(sql::sqlite_settle, tables)),
      write_run(sqlite_statement(sql::sqlite_write_run, tables)) {
}

}  // namespace autoreply

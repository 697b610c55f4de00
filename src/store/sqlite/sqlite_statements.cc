#include "store/sqlite/sqlite_statements.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sql.h"
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

/// The limit that a row of the configuration sets for its workspace.
std::string own_limit(std::string_view column) {
  return replaced(
      std::string(sql::sqlite_claim_own_limit), "{g.limit}", fmt::format("{{g.{}}}", column));
}

/// Fills in the fragments, which hold placeholders of their own.
std::string with_fragments(std::string_view sql) {
  const std::vector<std::pair<std::string_view, std::string>> fragments{
      {"{newest}", std::string(sql::sqlite_claim_newest)},
      {"{filter}", std::string(sql::sqlite_claim_filter)},
      {"{no_elder}", std::string(sql::sqlite_claim_no_elder)},
      {"{contact_has_room}", std::string(sql::sqlite_claim_contact_has_room)},
      {"{own_contact_per_minute}", own_limit("contact_per_minute")},
      {"{own_contact_per_hour}", own_limit("contact_per_hour")},
      {"{own_workspace_per_minute}", own_limit("workspace_per_minute")},
      {"{breaker_row}", std::string(sql::sqlite_breaker_row)},
      {"{workspace}", std::string(sql::sqlite_workspace)},
      {"{due_at}", std::string(sql::sqlite_due_at)},
      {"{made_at}", std::string(sql::sqlite_made_at)},
      {"{in_doubt}", std::string(sql::sqlite_in_doubt)},
      {"{message_is_text}", std::string(sql::sqlite_message_is_text)},
      {"{message_was_sent}", std::string(sql::sqlite_message_was_sent)},
      {"{config_is_enabled}", std::string(sql::sqlite_config_is_enabled)},
      {"{shares_key_name}", std::string(sql::sqlite_shares_key_name)},
  };
  std::string text(sql);
  for (const auto& [placeholder, fragment] : fragments) {
    text = replaced(std::move(text), placeholder, fragment);
  }
  return text;
}

constexpr std::string_view kOnly = "and id in (select value from json_each(:only))";

std::string forget() {
  return std::string(sql::sqlite_claim_forget);
}

/// Asks for the messages since a moment of the contact of the job that stands in the statement as
/// `job`.
std::string with_messages_since(std::string_view sql,
                                std::string_view job,
                                std::string_view since) {
  std::string text =
      replaced(std::string(sql), "{short_texts_since}", std::string(sql::sqlite_short_texts_since));
  text = replaced(std::move(text), "{sent_since}", std::string(sql::sqlite_sent_since));
  return replaced(replaced(std::move(text), "{job}", job), "{since}", since);
}

/// A statement that reads the host's tables.
std::string host_statement(std::string_view sql,
                           const TableNames& tables,
                           const HostColumns& columns) {
  std::string text = sqlite_statement(sql, tables);
  text = with_columns(std::move(text), "m", columns.messages);
  text = with_columns(std::move(text), "c", columns.contacts);
  return with_columns(std::move(text), "g", columns.config);
}

}  // namespace

std::string sqlite_statement(std::string_view sql, const TableNames& tables) {
  std::string text = with_tables(with_outcome_notes(with_fragments(sql)), tables);
  text = replaced(std::move(text), "{minute_ago}", kMinuteAgo);
  text = replaced(std::move(text), "{hour_ago}", kHourAgo);
  return replaced(replaced(std::move(text), "{now}", kNow), "{uuid}", kUuid);
}

SqliteStatements::SqliteStatements(const TableNames& tables, const HostColumns& columns)
    : forget_claims(sqlite_statement(replaced(forget(), "{only}", ""), tables)),
      forgettable(sqlite_statement(sql::sqlite_claim_forgettable, tables)),
      forget_claims_of(sqlite_statement(replaced(forget(), "{only}", kOnly), tables)),
      claim{.state = sqlite_statement(sql::sqlite_claim_state, tables),
            .next_workspaces = sqlite_statement(sql::sqlite_claim_next_workspaces, tables),
            .workspaces_of = sqlite_statement(sql::sqlite_claim_workspaces_of, tables),
            .terms = host_statement(sql::sqlite_claim_terms, tables, columns),
            .in_flight = sqlite_statement(sql::sqlite_claim_in_flight, tables),
            .candidates = sqlite_statement(sql::sqlite_claim_candidates, tables),
            .contacts = sqlite_statement(sql::sqlite_claim_contacts, tables),
            .write_turn = sqlite_statement(sql::sqlite_claim_write_turn, tables),
            .waiting = sqlite_statement(sql::sqlite_claim_waiting, tables),
            .make_breaker = sqlite_statement(sql::sqlite_make_breaker, tables),
            .read_breaker = sqlite_statement(sql::sqlite_read_breaker, tables),
            .read_breakers = sqlite_statement(sql::sqlite_read_breakers, tables),
            .write_breaker = sqlite_statement(sql::sqlite_write_breaker, tables)},
      picked(sqlite_statement(sql::sqlite_claim_picked, tables)),
      take(sqlite_statement(sql::sqlite_claim_take, tables)),
      mark_started(sqlite_statement(sql::sqlite_mark_started, tables)),
      start(host_statement(
          with_messages_since(sql::sqlite_start, "s", "julianday(s.asked_at)"), tables, columns)),
      find_deliveries(host_statement(sql::sqlite_find_deliveries, tables, columns)),
      renew(sqlite_statement(sql::sqlite_renew, tables)),
      note_transmissions(sqlite_statement(sql::sqlite_note_transmissions, tables)),
      record_log(sqlite_statement(sql::sqlite_record_log, tables)),
      recorded(host_statement(
          with_messages_since(sql::sqlite_recorded, "h", "h.asked_at"), tables, columns)),
      held(sqlite_statement(sql::sqlite_held, tables)),
      settle(sqlite_statement(sql::sqlite_settle, tables)),
      supersede(sqlite_statement(sql::sqlite_supersede, tables)),
      wronged(sqlite_statement(sql::sqlite_wronged, tables)),
      put_back(sqlite_statement(sql::sqlite_put_back, tables)),
      note_accepted(sqlite_statement(sql::sqlite_note_accepted, tables)),
      write_run(sqlite_statement(sql::sqlite_write_run, tables)) {
}

}  // namespace autoreply

#include "store/postgres/postgres_statements.h"

#include <string_view>
#include <utility>
#include <vector>

#include "sql.h"
#include "store/sql_template.h"

namespace autoreply {
namespace {

/// Fills in the fragments, which hold placeholders of their own.
std::string statement(std::string_view sql, const PlacedTables& tables) {
  const std::vector<std::pair<std::string_view, std::string>> fragments{
      {"{newest}", std::string(sql::postgres_claim_newest)},
      {"{filter}", std::string(sql::postgres_claim_filter)},
      {"{no_elder}", std::string(sql::postgres_claim_no_elder)},
      {"{contact_has_room}", std::string(sql::postgres_claim_contact_has_room)},
      {"{breaker_row}", std::string(sql::postgres_breaker_row)},
      {"{in_doubt}", std::string(sql::postgres_in_doubt)},
      {"{off_words}", std::string(sql::postgres_off_words)},
      {"{shares_key_name}", std::string(sql::postgres_shares_key_name)},
      {"{message_is_text}", std::string(sql::postgres_message_is_text)},
      {"{message_was_sent}", std::string(sql::postgres_message_was_sent)},
  };
  std::string text(sql);
  for (const auto& [placeholder, fragment] : fragments) {
    text = replaced(std::move(text), placeholder, fragment);
  }
  text = with_outcome_notes(text);
  text = replaced(std::move(text), "{queue_lock}", std::to_string(tables.lock_key));
  text = replaced(std::move(text), "{status_type}", tables.status_type);
  text = replaced(std::move(text), "{own_schema}", replaced(tables.schema, "'", "''"));
  return with_tables(with_own_tables(text, tables.prefix()), tables);
}

constexpr std::string_view kOnly =
    "and q.id::text in (select jsonb_array_elements_text(:only::jsonb))";

std::string forget() {
  return std::string(sql::postgres_claim_forget);
}

/// Asks for the messages since a moment of the contact of the job that stands in the statement as
/// `job`.
std::string with_messages_since(std::string_view sql,
                                std::string_view job,
                                std::string_view since) {
  std::string text = replaced(
      std::string(sql), "{short_texts_since}", std::string(sql::postgres_short_texts_since));
  text = replaced(std::move(text), "{sent_since}", std::string(sql::postgres_sent_since));
  return replaced(replaced(std::move(text), "{job}", job), "{since}", since);
}

}  // namespace

PostgresStatements::PostgresStatements(const PlacedTables& tables)
    : check_ready(statement(sql::postgres_check_ready, tables)),
      claim_lock(statement(sql::postgres_claim_lock, tables)),
      forget_claims(statement(replaced(forget(), "{only}", ""), tables)),
      forgettable(statement(sql::postgres_claim_forgettable, tables)),
      forget_claims_of(statement(replaced(forget(), "{only}", kOnly), tables)),
      claim{.state = statement(sql::postgres_claim_state, tables),
            .next_workspaces = statement(sql::postgres_claim_next_workspaces, tables),
            .workspaces_of = statement(sql::postgres_claim_workspaces_of, tables),
            .terms = statement(sql::postgres_claim_terms, tables),
            .in_flight = statement(sql::postgres_claim_in_flight, tables),
            .candidates = statement(sql::postgres_claim_candidates, tables),
            .contacts = statement(sql::postgres_claim_contacts, tables),
            .write_turn = statement(sql::postgres_claim_write_turn, tables),
            .waiting = statement(sql::postgres_claim_waiting, tables),
            .make_breaker = statement(sql::postgres_make_breaker, tables),
            .read_breaker = statement(sql::postgres_read_breaker, tables),
            .read_breakers = statement(sql::postgres_read_breakers, tables),
            .write_breaker = statement(sql::postgres_write_breaker, tables)},
      take(statement(sql::postgres_claim_take, tables)),
      start(
          statement(with_messages_since(sql::postgres_start, "s", "original.created_at"), tables)),
      find_deliveries(statement(sql::postgres_find_deliveries, tables)),
      renew(statement(sql::postgres_renew, tables)),
      record(statement(with_messages_since(sql::postgres_record, "h", "h.asked_at"), tables)),
      settle(statement(sql::postgres_settle, tables)),
      supersede(statement(sql::postgres_supersede, tables)),
      put_back(statement(sql::postgres_put_back, tables)),
      read_host(statement(sql::postgres_read_host, tables)),
      schema_version(statement(sql::postgres_schema_version, tables)),
      write_run(statement(sql::postgres_write_run, tables)),
      note_accepted(statement(sql::postgres_note_accepted, tables)),
      drop_stale_breakers(statement(sql::postgres_drop_stale_breakers, tables)),
      forget_breaker(statement(sql::postgres_forget_breaker, tables)) {
}

}  // namespace autoreply

#include "support/host_data.h"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/uuid.h"

namespace autoreply::test {
namespace {

/// Columns and values of an INSERT.
class Insert final {
 public:
  Insert(TestDatabase& database, std::string table)
      : database_(database), table_(std::move(table)) {}

  void text(std::string column, const std::optional<std::string>& value) {
    expression(std::move(column), value ? sql_literal(*value) : "null");
  }

  void instant(std::string column, std::optional<int> seconds_from_now) {
    expression(std::move(column), seconds_from_now ? database_.instant(*seconds_from_now) : "null");
  }

  template <class Number>
  void number(std::string column, std::optional<Number> value) {
    expression(std::move(column), value ? fmt::format("{}", *value) : "null");
  }

  void expression(std::string column, std::string value) {
    columns_.push_back(std::move(column));
    values_.push_back(std::move(value));
  }

  void run() {
    database_.execute(fmt::format("insert into {} ({}) values ({})",
                                  table_,
                                  fmt::join(columns_, ", "),
                                  fmt::join(values_, ", ")));
  }

 private:
  TestDatabase& database_;
  std::string table_;
  std::vector<std::string> columns_;
  std::vector<std::string> values_;
};

std::string or_random(std::string id) {
  return id.empty() ? random_uuid() : std::move(id);
}

}  // namespace

QueueRow lapsed_row(int attempts, std::optional<int> started_in) {
  return {.status = "processing",
          .seconds_ago = 300,
          .attempts = attempts,
          .claim_token = random_uuid(),
          .lease_in = -5,
          .started_in = started_in};
}

void make_minimal_host_tables(TestDatabase& database, const std::string& postgres_time) {
  const std::string tables = R"(
    create table ai_response_queue (id {uuid} primary key, workspace_id text, contact_id {uuid},
      message_id {uuid}, status text, created_at {time}, processed_at {time}, error text,
      attempts integer);
    create table ai_response_logs (id {uuid} primary key, workspace_id text, contact_id {uuid},
      message_id {uuid}, provider text, model text, prompt text, response text,
      tokens_used integer, cost numeric, created_at {time});
    create table livechat_messages (id {uuid}, workspace_id text, contact_id {uuid},
      direction text, body text, created_at {time});
    create table contacts (id {uuid} primary key, workspace_id text, phone_number text);
    create table workspace_ai_config (workspace_id text, provider text, model text,
      system_prompt text);)";
  const bool postgres = database.is_postgres();
  database.execute(fmt::format(fmt::runtime(tables),
                               fmt::arg("uuid", postgres ? "uuid" : "text"),
                               fmt::arg("time", postgres ? postgres_time : "text")));
}

std::string HostData::contact(ContactRow row) {
  row.id = or_random(std::move(row.id));
  Insert insert(database_, "contacts");
  insert.text("id", row.id);
  insert.text("workspace_id", row.workspace_id);
  insert.text("phone_number", row.phone_number);
  insert.text("conversation_status", row.conversation_status);
  insert.run();
  return row.id;
}

std::string HostData::message(MessageRow row) {
  row.id = or_random(std::move(row.id));
  Insert insert(database_, "livechat_messages");
  insert.text("id", row.id);
  insert.text("workspace_id", row.workspace_id);
  insert.text("contact_id", or_random(std::move(row.contact_id)));
  insert.text("direction", row.direction);
  insert.text("body", row.body);
  insert.text("status", row.status);
  insert.text("msg_type", row.msg_type);
  insert.instant("created_at", -row.seconds_ago);
  insert.run();
  return row.id;
}

void HostData::config(const ConfigRow& row) {
  Insert insert(database_, "workspace_ai_config");
  insert.text("workspace_id", row.workspace_id);
  insert.text("provider", row.provider);
  insert.text("model", row.model);
  insert.text("system_prompt", row.system_prompt);
  insert.number("temperature", row.temperature);
  insert.number("max_tokens", row.max_tokens);
  insert.text("api_key", row.api_key);
  insert.text("base_url", row.base_url);
  insert.expression("enabled", row.enabled ? "true" : "false");
  insert.instant("updated_at", -row.seconds_ago);
  insert.run();
}

std::string HostData::queue(QueueRow row) {
  row.id = or_random(std::move(row.id));
  Insert insert(database_, "ai_response_queue");
  insert.text("id", row.id);
  insert.text("workspace_id", row.workspace_id);
  insert.text("contact_id", or_random(std::move(row.contact_id)));
  insert.text("message_id", or_random(std::move(row.message_id)));
  insert.text("status", row.status);
  insert.instant("created_at", -row.seconds_ago);
  insert.instant("next_attempt_at", row.next_attempt_in.value_or(-row.seconds_ago));
  insert.number("attempts", row.attempts);
  insert.text("claim_token", row.claim_token);
  if (row.claim_token) insert.instant("claimed_at", -row.seconds_ago);
  insert.instant("lease_until", row.lease_in);
  insert.instant("started_at", row.started_in);
  insert.instant("processed_at", row.processed_in);
  insert.text("outcome", row.outcome);
  insert.text("error", row.error);
  insert.run();
  return row.id;
}

HostJob HostData::job(QueueRow row, const std::string& body) {
  const std::string workspace = sql_literal(row.workspace_id);
  if (row.contact_id.empty()) row.contact_id = contact({.workspace_id = row.workspace_id});
  if (row.message_id.empty()) {
    row.message_id = message({.workspace_id = row.workspace_id,
                              .contact_id = row.contact_id,
                              .body = body,
                              .seconds_ago = row.seconds_ago});
  }
  if (database_.value("select count(*) from workspace_ai_config where workspace_id = " +
                      workspace) == "0") {
    config({.workspace_id = row.workspace_id});
  }
  const std::string id = queue(row);
  return {.id = id,
          .contact_id = row.contact_id,
          .message_id = row.message_id,
          .workspace_id = row.workspace_id};
}

}  // namespace autoreply::test

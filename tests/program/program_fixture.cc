#include "program/program_fixture.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "support/migrated_database.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The pause between two looks at a row that is about to change.
constexpr std::chrono::milliseconds kPoll{10};

constexpr std::array kSummaryKeys{"run_id",
                                  "claimed",
                                  "completed",
                                  "skipped",
                                  "retried",
                                  "failed",
                                  "deferred",
                                  "released",
                                  "lost",
                                  "throttled",
                                  "held_back",
                                  "tokens",
                                  "cost",
                                  "still_due",
                                  "duration_ms",
                                  "exit_status"};

}  // namespace

std::string content_of_test_file(const std::string& path) {
  std::ifstream file(fmt::format("{}/{}", AUTOREPLY_TEST_DATA, path));
  if (!file) throw std::runtime_error("no file " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void ProgramTest::SetUp() {
  database_ = make_database();
  if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  add_workspace({});
}

std::unique_ptr<TestDatabase> ProgramTest::make_database() {
  return make_migrated_database(kind());
}

void ProgramTest::add_workspace(ConfigRow config) {
  if (!config.api_key) config.api_key = kProviderKey;
  if (!config.base_url) config.base_url = standin_.provider_url();
  HostData(*database_).config(config);
}

Customer ProgramTest::add_customer(const std::string& workspace) {
  Customer customer{
      .workspace = workspace, .id = fresh_id(), .phone = fmt::format("+1555010{:04}", ids_)};
  HostData(*database_)
      .contact({.id = customer.id, .workspace_id = workspace, .phone_number = customer.phone});
  customers_.push_back(customer);
  return customer;
}

std::string ProgramTest::add_message(const Customer& from,
                                     std::string_view body,
                                     std::string_view direction,
                                     int seconds_ago) {
  return HostData(*database_)
      .message({.id = fresh_id(),
                .workspace_id = from.workspace,
                .contact_id = from.id,
                .direction = std::string(direction),
                .body = std::string(body),
                .seconds_ago = seconds_ago,
                .msg_type = "sms"});
}

std::string ProgramTest::enqueue(const Customer& customer,
                                 const std::string& message_id,
                                 int seconds_ago) {
  std::string id = fresh_id();
  // The host inserts rows like this. It knows none of our columns.
  database_->execute(fmt::format(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "created_at, attempts) values ({}, {}, {}, {}, 'pending', {}, 0)",
      sql_literal(id),
      sql_literal(customer.workspace),
      sql_literal(customer.id),
      sql_literal(message_id),
      database_->instant(-seconds_ago)));
  return id;
}

std::string ProgramTest::ask(const Customer& customer, std::string_view body, int seconds_ago) {
  return enqueue(customer, add_message(customer, body, "inbound", seconds_ago), seconds_ago);
}

std::string ProgramTest::ask(std::string_view body) {
  return ask(add_customer(), body);
}

std::vector<std::string> ProgramTest::ask_many(int count) {
  std::vector<std::string> ids;
  for (int number = 1; number <= count; ++number) {
    ids.push_back(ask(fmt::format("Question number {}, please", number)));
  }
  return ids;
}

nlohmann::json ProgramTest::rows(const std::string& table, const std::string& condition) {
  std::string object = "to_jsonb(t)";
  if (kind() == DatabaseKind::sqlite) {
    object = fmt::format(
        "json_object({})",
        database_->value(fmt::format(
            "select group_concat('''' || name || ''', t.' || name) from pragma_table_info('{}')",
            table)));
  }
  const char* const aggregate = kind() == DatabaseKind::sqlite
                                    ? "json_group_array(json(o))"
                                    : "coalesce(json_agg(o), '[]')::text";
  return parse_json(database_->value(
      fmt::format("select {} from (select {} as o from {} t where {} order by t.id) x",
                  aggregate,
                  object,
                  table,
                  condition)));
}

nlohmann::json ProgramTest::job(const std::string& id) {
  const auto found = rows("ai_response_queue", fmt::format("t.id = '{}'", id));
  if (found.size() == 1) return found[0];
  ADD_FAILURE() << "no job " << id;
  return nullptr;
}

nlohmann::json ProgramTest::log_row(const std::string& id) {
  const auto found = rows("ai_response_logs", fmt::format("t.id = '{}'", id));
  if (found.size() == 1) return found[0];
  ADD_FAILURE() << "no log row " << id;
  return nullptr;
}

std::int64_t ProgramTest::time_of(const std::string& id, const std::string& column) {
  const std::string milliseconds =
      kind() == DatabaseKind::sqlite
          ? fmt::format("cast(round((julianday({}) - 2440587.5) * 86400000) as integer)", column)
          : fmt::format("(extract(epoch from {}) * 1000)::bigint", column);
  const std::string value = database_->value(fmt::format(
      "select coalesce({}, -1) from ai_response_queue where id = '{}'", milliseconds, id));
  EXPECT_NE("-1", value) << column << " of " << id << " is NULL";
  return std::stoll(value);
}

std::int64_t ProgramTest::between(const std::string& id,
                                  const std::string& from,
                                  const std::string& to) {
  return time_of(id, to) - time_of(id, from);
}

bool ProgramTest::wait_for_status(const std::string& id, std::string_view status) {
  return wait_for_value(fmt::format("select status from ai_response_queue where id = '{}'", id),
                        status);
}

bool ProgramTest::wait_for_value(const std::string& query, std::string_view value) {
  const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
  while (database_->value(query) != value) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

void ProgramTest::move_back(const std::string& id, const std::string& column, int seconds) {
  const std::string moved =
      kind() == DatabaseKind::sqlite
          ? fmt::format("strftime('%Y-%m-%dT%H:%M:%fZ', {}, '-{} seconds')", column, seconds)
          : fmt::format("{} - {} * interval '1 second'", column, seconds);
  database_->execute(
      fmt::format("update ai_response_queue set {} = {} where id = '{}'", column, moved, id));
}

std::string ProgramTest::fresh_id() {
  return fmt::format("00000000-0000-4000-8000-{:012}", ++ids_);
}

Command ProgramTest::command(const std::vector<std::string>& arguments) const {
  Command result{.arguments = arguments};
  if (std::ranges::find(arguments, "--database") == arguments.end()) {
    result.arguments.insert(result.arguments.end(), {"--database", database_->url()});
  }
  return result;
}

Command ProgramTest::run_command(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"run"};
  for (const auto& [option, value] :
       {std::pair<const char*, std::string>{"--callback-url", standin_.callback_url()},
        {"--callback-token", std::string(kCallbackToken)},
        {"--allow-host", "127.0.0.1"},
        {"--output", "json"},
        {"--backoff-jitter", "0"}}) {
    if (std::ranges::find(more, option) != more.end()) continue;
    arguments.insert(arguments.end(), {option, value});
  }
  arguments.insert(arguments.end(), more.begin(), more.end());
  return command(arguments);
}

RunResult ProgramTest::run(const std::vector<std::string>& more) {
  Process process(run_command(more));
  return result_of(process);
}

RunResult ProgramTest::result_of(Process& process) {
  RunResult result;
  result.exit = process.wait();
  // Taking these locks orders the work of the stand-in's threads before the test's next steps.
  // ThreadSanitizer does not see the locks inside the stand-in's library.
  static_cast<void>(standin_.provider.count());
  static_cast<void>(standin_.host.count());
  result.status = result.exit.status.value_or(-1);
  result.out = result.exit.out;
  result.log = result.exit.err;
  check_secrecy(result);
  result.summary = parse_json(result.out);
  check_summary(result);
  return result;
}

void ProgramTest::check_summary(const RunResult& result) {
  ASSERT_EQ(1, std::ranges::count(result.out, '\n')) << result.out << result.log;
  EXPECT_EQ('\n', result.out.back());
  for (const char* key : kSummaryKeys) EXPECT_TRUE(result.summary.contains(key)) << key;
  EXPECT_EQ(result["claimed"],
            result["completed"] + result["skipped"] + result["retried"] + result["failed"] +
                result["deferred"] + result["released"] + result["lost"])
      << result.out;
  EXPECT_EQ(result.status, result["exit_status"]) << result.log;
}

void ProgramTest::check_secrecy(const RunResult& result) {
  const std::string printed = result.out + result.log;
  EXPECT_THAT(printed, AllOf(Not(HasSubstr(kProviderKey)), Not(HasSubstr(kCallbackToken))));
  for (const Customer& customer : customers_) EXPECT_THAT(printed, Not(HasSubstr(customer.phone)));
}

}  // namespace autoreply::test

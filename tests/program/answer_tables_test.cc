#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// What one run makes of a job, by the tables of the answers of providers and hosts.
struct Expected {
  std::string status;
  std::string outcome;  ///< how it begins
  int attempts = 0;
  int sends = 0;
  std::string error{};  ///< a part of the row's error; empty: the row has none
};

const Expected kCompleted{"complete", "completed", 1, 1};

/// A row of one of the tables.
struct Row {
  std::string name;
  Answer answer;
  Expected expected;
};

Answer error_answer(int status, const std::string& error) {
  return {.status = status, .body = R"({"error":)" + error + "}"};
}

std::vector<Row> provider_rows() {
  const auto deferred = [](std::string error) {
    return Expected{"pending", "deferred", 0, 0, std::move(error)};
  };
  const auto retried = [](std::string error) {
    return Expected{"pending", "retried", 1, 0, std::move(error)};
  };
  const auto failed = [](std::string error) {
    return Expected{"error", "failed", 1, 0, std::move(error)};
  };
  Answer throttled = error_answer(429, R"({"message":"slow down","code":"rate_limit_exceeded"})");
  throttled.headers = {{"Retry-After", "20"}};
  Answer out_of_time = error_answer(402, R"({"message":"wait","metadata":{"raw":"slow down"}})");
  out_of_time.headers = {{"Retry-After", "20"}};
  const std::string stream =
      "data: {\"choices\":[{\"delta\":{\"content\":\"We open \"}}]}\n\n"
      "data: {\"choices\":[{\"delta\":{\"content\":\"at 7.\"},\"finish_reason\":\"stop\"}]}\n\n"
      "data: [DONE]\n\n";
  return {
      {"refused-key", error_answer(401, R"({"code":"invalid_api_key"})"), deferred("401")},
      {"no-credit",
       error_answer(400, R"({"message":"Your credit balance is too low to access the API"})"),
       deferred("400")},
      {"key-error-as-a-text", error_answer(403, R"("API key not valid")"), deferred("403")},
      {"moderation",
       error_answer(403, R"({"message":"flagged","metadata":{"reasons":["violence"]}})"),
       failed("403")},
      {"content-filter", error_answer(400, R"({"code":"content_filter"})"), failed("400")},
      {"prompt-too-long",
       error_answer(400, R"({"code":"context_length_exceeded"})"),
       failed("400")},
      {"unknown-model", error_answer(404, R"({"code":"model_not_found"})"), deferred("404")},
      {"redirect", {.status = 301, .headers = {{"Location", "/v2"}}}, deferred("301")},
      {"throttled", throttled, deferred("429")},
      {"payment-with-a-wait", out_of_time, deferred("402")},
      {"server-error", {.status = 500}, retried("500")},
      {"overloaded", {.status = 529}, retried("529")},
      {"hang-up", {.hang_up = true}, retried("no answer")},
      {"not-json", {.body = "Bad gateway"}, retried("no answer in its format")},
      {"cut", chat_completion("We open at", "length"), retried("cut")},
      {"empty", chat_completion(""), retried("empty")},
      {"tool-call",
       {.body = R"({"choices":[{"finish_reason":"tool_calls","message":{"content":null,)"
                R"("tool_calls":[{"function":{"name":"lookup","arguments":"{}"}}]}}]})"},
       retried("tool call")},
      {"error-inside",
       error_answer(200, R"({"message":"something broke"})"),
       retried("something broke")},
      {"other-4xx", error_answer(418, R"({"message":"no tea"})"), retried("418")},
      {"thoughts", chat_completion("<think>They ask for hours.</think>We open at 7."), kCompleted},
      {"event-stream", {.body = stream}, kCompleted},
      {"byte-order-mark",
       {.body = "\xEF\xBB\xBF" + chat_completion("We open at 7.").body},
       kCompleted},
  };
}

std::vector<Row> callback_rows() {
  const auto in_doubt = [](std::string error) {
    return Expected{"pending", "retried: in doubt", 1, 1, std::move(error)};
  };
  const auto failed = [](std::string error) {
    return Expected{"error", "failed", 1, 0, std::move(error)};
  };
  // Other jobs are delivered in between, so an answer to one job alone uses its attempts.
  const auto retried = [](std::string error) {
    return Expected{"pending", "retried", 1, 0, std::move(error)};
  };
  return {
      {"carrier-opt-out",
       {.status = 500, .body = R"({"error":"Twilio error 21610: unsubscribed recipient"})"},
       {"complete", "skipped: opted out", 1, 0}},
      {"taken-without-a-body", {.status = 204}, kCompleted},
      {"success-false",
       {.body = R"({"success":false,"error":"no such number"})"},
       failed("no such")},
      {"page-of-html", {.body = "<!DOCTYPE html><title>Shop</title>"}, in_doubt("web page")},
      {"host-throttles",
       {.status = 429, .headers = {{"Retry-After", "20"}}},
       {"pending", "deferred", 0, 0, "429"}},
      {"host-is-deployed", {.status = 503}, retried("503")},
      {"conflict", {.status = 409}, retried("409")},
      {"host-breaks", {.status = 500}, in_doubt("500")},
      {"no-answer", {.hang_up = true}, in_doubt("callback")},
      {"not-found", {.status = 404}, retried("404")},
      {"bad-request", {.status = 400, .body = R"({"error":"too long"})"}, failed("too long")},
      {"invalid-recipient", {.status = 422, .body = R"({"code":21211})"}, failed("422")},
  };
}

/// All rows in one run. Each has its own workspace and key. Between any two of them, a neighbour's
/// job is answered and delivered.
class AnswerTables : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    standin_.provider.answer_always([](const ReceivedRequest& request) {
      return chat_completion("About " + last_user_message(request) + ": we open at 7.");
    });
    for (Row& row : provider_rows()) {
      standin_.provider.script_for(row.name, row.answer);
      add(std::move(row));
    }
    for (Row& row : callback_rows()) {
      standin_.host.script_for(row.name, row.answer);
      add(std::move(row));
    }
  }

  struct Tried {
    Row row;
    std::string id;
  };

  void add(Row row) {
    const auto ask_in = [&](const std::string& workspace, const std::string& text) {
      add_workspace({.workspace_id = workspace, .api_key = "sk-of-" + workspace});
      return ask(add_customer(workspace), text);
    };
    const std::string workspace = fmt::format("{:02}", tried_.size());
    ask_in(workspace + "a", fmt::format("neighbour {}", tried_.size()));
    const std::string id = ask_in(workspace + "b", row.name);
    tried_.push_back({std::move(row), id});
  }

  std::vector<Tried> tried_;
};
AUTOREPLY_ON_BOTH_DATABASES(AnswerTables);

TEST_P(AnswerTables, AreFollowedByOneRunThatMeetsThemAll) {
  const RunResult result = run({"--concurrency", "1"});
  EXPECT_EQ(1, result.status) << result.log;
  for (const auto& [row, id] : tried_) {
    const auto found = job(id);
    const Expected& expected = row.expected;
    EXPECT_EQ(expected.status, found["status"]) << row.name << found;
    EXPECT_THAT(found.value("outcome", ""), StartsWith(expected.outcome)) << row.name << found;
    EXPECT_EQ(expected.attempts, found["attempts"]) << row.name << found;
    EXPECT_EQ(expected.sends, found.value("sends", 0)) << row.name << found;
    if (expected.error.empty()) {
      EXPECT_TRUE(found["error"].is_null()) << row.name << found;
    } else {
      EXPECT_THAT(found["error"].dump(), HasSubstr(expected.error)) << row.name;
    }
  }
  for (const ReceivedRequest& request : standin_.host.requests()) {
    EXPECT_THAT(request.body, Not(HasSubstr("They ask for hours")));
  }

  // Once everything is fixed, every job that has not ended is answered.
  for (int tick = 0; tick < 5 && !rows("ai_response_queue", "status = 'pending'").empty(); ++tick) {
    const std::string past = database().instant(-3'600);
    database().execute("update ai_response_queue set next_attempt_at = " + past +
                       ", sent_at = case when sent_at is null then null else " + past +
                       " end where status = 'pending'");
    database().execute("update autoreply_breakers set probe_at = " + past);
    database().execute("update autoreply_breakers set blocked_until = " + past +
                       " where blocked_until is not null");
    run({"--drain", "--limit", "1000"});
  }
  for (const auto& [row, id] : tried_) {
    const std::string status = row.expected.status == "pending" ? "complete" : row.expected.status;
    EXPECT_EQ(status, job(id)["status"]) << row.name << job(id);
    EXPECT_LE(job(id).value("sends", 0), row.expected.sends + 1) << row.name;
  }
}

}  // namespace
}  // namespace autoreply::test

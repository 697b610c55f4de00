// Every provider, one workspace each, and what a workspace's fallback is for.

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Providers = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(Providers);

TEST_P(Providers, AnswerEachInItsOwnProtocol) {
  std::vector<std::pair<std::string, std::string>> jobs;
  for (const char* provider : {"openai",
                               "anthropic",
                               "gemini",
                               "azure",
                               "deepseek",
                               "mistral",
                               "groq",
                               "openrouter",
                               "ollama"}) {
    const std::string workspace = fmt::format("uses-{}", provider);
    add_workspace({.workspace_id = workspace,
                   .provider = provider,
                   .model = "the-model",
                   .api_key = std::string(kProviderKey),
                   .base_url = standin_.url_of_provider(provider)});
    jobs.emplace_back(provider, ask(add_customer(workspace), "Open on Sunday?"));
  }
  add_workspace({.workspace_id = "native",
                 .provider = "ollama",
                 .model = "m",
                 .base_url = standin_.url() + "/api"});
  jobs.emplace_back("ollama", ask(add_customer("native"), "Open on Sunday?"));
  add_workspace({.workspace_id = "responses",
                 .model = "gpt-6-luna",
                 .base_url = standin_.url() + "/v1/responses"});
  jobs.emplace_back("openai", ask(add_customer("responses"), "Open on Sunday?"));

  const RunResult result = run();

  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(static_cast<int>(jobs.size()), result["completed"]);
  for (const auto& [provider, id] : jobs) {
    const auto log = log_row(std::string(job(id)["ai_log_id"]));
    EXPECT_EQ(provider, log["provider"]);
    EXPECT_EQ(friendly_reply("Open on Sunday?"), log["response"]) << provider;
    EXPECT_EQ(kPromptTokens + kCompletionTokens, log["tokens_used"]) << provider;
  }
  EXPECT_EQ(jobs.size(), standin_.provider.count());
  EXPECT_GE(result["segments"], static_cast<int>(jobs.size()));
  EXPECT_THAT(result.log, HasSubstr("unknown_price"));
}

class FallbackProvider : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    for (const char* column :
         {"fallback_provider", "fallback_model", "fallback_api_key", "fallback_base_url"}) {
      database().execute(fmt::format("alter table workspace_ai_config add column {} text", column));
    }
    database().execute(fmt::format(
        "update workspace_ai_config set fallback_provider = 'anthropic', "
        "fallback_model = 'claude-haiku-5-5', fallback_api_key = '{}', fallback_base_url = '{}'",
        kProviderKey,
        standin_.provider_url()));
  }

  /// Lets the first provider fail this way; the fallback answers.
  void break_first(const Answer& answer) {
    standin_.provider.answer_always([this, answer](const ReceivedRequest& request) {
      if (request.path.ends_with("/messages")) return reply_to(request, "From the fallback.");
      ++first_calls_;
      return answer;
    });
  }

  void make_due() {
    database().execute("update ai_response_queue set next_attempt_at = " + database().instant(-1) +
                       " where status = 'pending'");
  }

  std::atomic<int> first_calls_ = 0;
};
AUTOREPLY_ON_BOTH_DATABASES(FallbackProvider);

TEST_P(FallbackProvider, AnswersEveryCustomerOfAnOutage) {
  break_first({.status = 503});
  const std::vector<std::string> ids = ask_many(12);
  for (int number = 0; number < 3; ++number) {
    run({"--drain", "--concurrency", "4", "--backoff-base", "0s"});
    make_due();
  }
  for (const std::string& id : ids) {
    const auto row = job(id);
    EXPECT_EQ("completed", row["outcome"]) << row.dump();
    EXPECT_EQ("anthropic", log_row(std::string(row["ai_log_id"]))["provider"]);
  }
  EXPECT_EQ(ids.size(), standin_.host.count());
  // Once its breaker is open, the first provider gets no more calls but its probes.
  EXPECT_LE(first_calls_, 4 + 2);
}

TEST_P(FallbackProvider, GoesBackToTheFirstProviderThatWorksAgain) {
  break_first({.status = 503});
  ask_many(6);
  run({"--drain", "--backoff-base", "0s"});
  make_due();
  standin_.provider.answer_always(
      [](const ReceivedRequest& request) { return reply_to(request, "From the first."); });
  database().execute("update autoreply_breakers set probe_at = " + database().instant(-1));
  ask_many(3);
  run({"--drain"});
  const std::string last = ask("Hello?");
  run();
  EXPECT_EQ("openai", log_row(std::string(job(last)["ai_log_id"]))["provider"]);
}

TEST_P(FallbackProvider, HelpsWithARefusedKeyButTheOperatorStillHearsOfIt) {
  break_first({.status = 401, .body = R"({"error":{"code":"invalid_api_key"}})"});
  const std::string id = ask("Hello?");
  const RunResult first = run();
  EXPECT_EQ(1, first["deferred"]) << first.log;
  make_due();
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ("completed", job(id)["outcome"]);
  EXPECT_EQ(1, first_calls_);
}

TEST_P(FallbackProvider, IsTriedAgainAfterItsOwnOutage) {
  standin_.provider.answer_always({.status = 503});
  ask_many(6);
  for (int number = 0; number < 3; ++number) {
    run({"--drain", "--backoff-base", "0s"});
    make_due();
  }
  break_first({.status = 503});
  for (int number = 0; number < 6; ++number) {
    database().execute("update autoreply_breakers set probe_at = " + database().instant(-1));
    make_due();
    run({"--drain", "--backoff-base", "0s", "--max-attempts", "9"});
  }
  EXPECT_EQ(6U, standin_.host.count());
}

TEST_P(FallbackProvider, AnswersIfTheFirstSaysNothing) {
  break_first(chat_completion(""));
  const std::string id = ask("Hello?");
  run();
  make_due();
  run();
  EXPECT_EQ("completed", job(id)["outcome"]);
}

TEST_P(FallbackProvider, IsAskedAtOnceIfNoOtherAttemptIsLeft) {
  break_first({.status = 500});
  ask("Hello?");
  EXPECT_EQ(1, run({"--max-attempts", "1"})["completed"]);
  EXPECT_EQ(1, first_calls_);
}

TEST_P(FallbackProvider, DoesNotWaitAsLongAsTheFirstAsks) {
  break_first({.status = 503, .headers = {{"Retry-After", "1800"}}});
  const std::string id = ask("Hello?");
  run();
  EXPECT_LT(between(id, "claimed_at", "next_attempt_at"), 60 * kSecond);
}

TEST_P(FallbackProvider, RefersToNoKeyOfAnotherWorkspace) {
  for (const char* workspace : {"acme-a", "acme_a"}) {
    add_workspace({.workspace_id = workspace});
    ask(add_customer(workspace), "Hello?");
  }
  database().execute(fmt::format(
      "update workspace_ai_config set fallback_provider = 'anthropic', fallback_model = 'm', "
      "fallback_api_key = 'env:AUTOREPLY_KEY_ACME_A', fallback_base_url = '{}'",
      standin_.provider_url()));
  break_first({.status = 503});
  Command command = run_command({"--key-host", "127.0.0.1", "--drain", "--backoff-base", "0s"});
  command.environment.push_back(fmt::format("AUTOREPLY_KEY_ACME_A={}", kProviderKey));
  Process process(command);
  result_of(process);
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    EXPECT_THAT(request.path, HasSubstr("/chat/completions"));
  }
}

TEST_P(FallbackProvider, IsNotAskedWhileTheFirstWorks) {
  ask_many(3);
  EXPECT_EQ(3, run()["completed"]);
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    EXPECT_THAT(request.path, HasSubstr("/chat/completions"));
  }
}

TEST_P(FallbackProvider, SaysWhenBothFail) {
  standin_.provider.answer_always({.status = 503});
  const std::string id = ask("Hello?");
  run();
  make_due();
  const RunResult second = run();
  EXPECT_EQ(75, second.status) << second.log;
  EXPECT_THAT(std::string(job(id)["error"]), StartsWith("generate: fallback: "));
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Providers, GetALargerBudgetOnlyAfterACutAnswer) {
  const std::string id = ask("Tell me everything.");
  standin_.provider.script({.status = 500});
  standin_.provider.script(chat_completion("Our summer schedule", "length"));
  for (int number = 0; number < 3; ++number) {
    run();
    database().execute("update ai_response_queue set next_attempt_at = " + database().instant(-1) +
                       " where status = 'pending'");
  }
  EXPECT_EQ("completed", job(id)["outcome"]);
  std::vector<int> budgets;
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    budgets.push_back(parse_json(request.body)["max_tokens"]);
  }
  EXPECT_THAT(budgets, testing::ElementsAre(600, 600, 2'400));
}

TEST_P(Providers, SeeAsManyMessagesAsTheOperatorWants) {
  const Customer dana = add_customer();
  for (int number = 9; number >= 1; --number) {
    add_message(dana, fmt::format("Message {}", number), "inbound", 60 + number);
  }
  ask(dana, "The last one");
  run({"--context-messages", "3"});
  EXPECT_EQ("Message 2\nMessage 1\nThe last one",
            last_user_message(standin_.provider.requests().at(0)));
}

TEST_P(Providers, WaitForTheEndOfQuietHours) {
  const std::string id = ask("Hello?");
  // All day but the minute that begins 12 hours from now.
  const auto now = std::chrono::floor<std::chrono::minutes>(std::chrono::system_clock::now());
  const auto end = std::chrono::duration_cast<std::chrono::minutes>(
      (now + std::chrono::hours(12)).time_since_epoch() % std::chrono::hours(24));
  const auto text = [](std::chrono::minutes time) {
    const auto of_day = (time + std::chrono::hours(24)) % std::chrono::hours(24);
    return fmt::format("{:02}:{:02}", of_day.count() / 60, of_day.count() % 60);
  };
  const RunResult result =
      run({"--quiet-hours", text(end + std::chrono::minutes(1)) + "-" + text(end)});
  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(1, result["deferred"]);
  const auto row = job(id);
  EXPECT_EQ("pending", row["status"]);
  EXPECT_EQ(0, row["attempts"]);
  EXPECT_THAT(std::string(row["outcome"]), StartsWith("deferred: quiet hours until "));
  EXPECT_EQ(0U, standin_.provider.count() + standin_.host.count());
  EXPECT_EQ(0, run({"--quiet-hours", "00:00-00:01", "--timezone", "UTC"})["claimed"]);
}

}  // namespace
}  // namespace autoreply::test

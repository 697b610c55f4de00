// What a run does about a workspace's daily budget.

#include <chrono>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;

constexpr int kTokensOfReply = kPromptTokens + kCompletionTokens;

class Budget : public ProgramTest {
 protected:
  std::string tokens_spent(const std::string& workspace = "ws-1") {
    return database().value(fmt::format(
        "select sum(tokens) from autoreply_spending where workspace_id = '{}'", workspace));
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Budget);

TEST_P(Budget, HoldsAWorkspacesJobsUntilTheNextDay) {
  add_workspace({.workspace_id = "ws-2"});
  ask_many(5);
  ask(add_customer("ws-2"), "Hello?");
  const std::string budget = std::to_string(2 * kTokensOfReply) + " tokens";
  const RunResult first = run({"--daily-budget", budget, "--workspace", "ws-1", "--limit", "2"});
  EXPECT_EQ(0, first.status) << first.log;
  EXPECT_EQ(2, first["completed"]);
  EXPECT_EQ(3, first["throttled"]);
  EXPECT_EQ(std::to_string(2 * kTokensOfReply), tokens_spent());

  const RunResult second = run({"--daily-budget", budget});
  EXPECT_EQ(0, second.status) << second.log;
  EXPECT_EQ(1, second["completed"]) << "the other workspace's";
  EXPECT_EQ(3, second["throttled"]);
  EXPECT_EQ(std::to_string(kTokensOfReply), tokens_spent("ws-2"));

  database().execute(GetParam() == DatabaseKind::postgres
                         ? "update autoreply_spending set day = day - 1"
                         : "update autoreply_spending set day = date(day, '-1 day')");
  EXPECT_EQ(2, run({"--daily-budget", budget, "--limit", "2"})["completed"]);
  EXPECT_EQ(1, run()["completed"]) << "without the option there is no budget";
}

TEST_P(Budget, GivesBackJobsThatWereClaimedBeforeItWasUsedUp) {
  const auto ids = ask_many(4);
  const auto other_session = database().another_session();
  standin_.provider.script([](const ReceivedRequest&) { return chat_completion("Hello!"); });
  // The second job may start before the first one is settled. The others start afterwards.
  standin_.provider.script([&](const ReceivedRequest&) {
    while (other_session->value("select count(*) from autoreply_spending") != "1") {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return chat_completion("Hello!");
  });
  const std::string budget = std::to_string(kTokensOfReply) + " tokens";
  const RunResult result = run({"--daily-budget", budget, "--concurrency", "1"});
  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_LE(result["completed"], 2);
  EXPECT_EQ(4, result["completed"] + result["deferred"]);
  const auto row = job(ids.back());
  EXPECT_EQ("pending", row["status"]);
  EXPECT_EQ(0, row["attempts"]);
  EXPECT_EQ("deferred: the workspace's daily budget is used up", row["outcome"]);
  EXPECT_EQ(result["completed"], static_cast<int>(standin_.provider.count()));
  EXPECT_EQ(result["deferred"], result["throttled"]) << "the summary tells what waits";
  EXPECT_EQ(result["deferred"], run({"--daily-budget", "1m"})["completed"])
      << "a raised budget frees them at once";
}

TEST_P(Budget, CountsDollarsAndFailedGenerations) {
  database().execute("alter table workspace_ai_config add column daily_budget text");
  database().execute("update workspace_ai_config set daily_budget = '$0.00003'");
  ask_many(2);
  // 120 tokens in and 30 out of gpt-4o-mini cost 0.000036 dollars.
  standin_.provider.script(chat_completion("We are open un", "length"));
  const RunResult first = run({"--limit", "1"});
  EXPECT_EQ(1, first["retried"]) << first.out;
  EXPECT_EQ("36000", database().value("select sum(nanodollars) from autoreply_spending"));
  EXPECT_EQ(0, run()["claimed"]);
  EXPECT_EQ(1U, standin_.provider.count());
}

TEST_P(Budget, ThatCannotBeReadIsTheWorkspacesToMend) {
  database().execute("alter table workspace_ai_config add column daily_budget text");
  database().execute("update workspace_ai_config set daily_budget = '20'");
  const std::string id = ask("Hello?");
  const RunResult result = run();
  EXPECT_EQ(1, result["deferred"]);
  EXPECT_EQ(75, result.status);
  EXPECT_THAT(std::string(job(id)["error"]), HasSubstr("write dollars such as 5usd"));
}

}  // namespace
}  // namespace autoreply::test

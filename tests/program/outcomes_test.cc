#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Outcomes = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(Outcomes);

TEST_P(Outcomes, SkipsACustomerWhoOptedOut) {
  const Customer sam = add_customer();
  const std::string id = ask(sam, "Hello?");
  database().execute("update contacts set conversation_status = 'opted_out'");

  const RunResult result = run();

  EXPECT_EQ(0, result.status);
  EXPECT_EQ(1, result["skipped"]);
  const auto row = job(id);
  EXPECT_EQ("complete", row["status"]);
  EXPECT_EQ("skipped: opted out", row["outcome"]);
  EXPECT_TRUE(row["error"].is_null());
  EXPECT_FALSE(row["processed_at"].is_null());
  EXPECT_EQ(1, row["attempts"]);
  EXPECT_EQ(0U, standin_.provider.count() + standin_.host.count());
}

TEST_P(Outcomes, SkipsAnOptOutWordAndWhatCameBeforeIt) {
  const Customer sam = add_customer();
  const std::string before = ask(sam, "What does it cost?", 60);
  const std::string word = ask(sam, " Stop ", 30);

  const RunResult result = run({"--drain"});

  EXPECT_EQ(2, result["skipped"]) << result.log;
  EXPECT_EQ("skipped: opted out", job(before)["outcome"]);
  EXPECT_EQ("skipped: opted out", job(word)["outcome"]);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Outcomes, SkipsWhenAutoReplyIsSwitchedOff) {
  add_workspace({.workspace_id = "quiet", .enabled = false});
  const std::string id = ask(add_customer("quiet"), "Hello?");

  EXPECT_EQ(1, run()["skipped"]);
  EXPECT_EQ("skipped: switched off", job(id)["outcome"]);
}

TEST_P(Outcomes, SkipsAMessageWithNothingToAnswer) {
  const std::string blank = ask(" \n\t ");
  const Customer sam = add_customer();
  const std::string own = enqueue(sam, add_message(sam, "We will call you", "outbound"));

  EXPECT_EQ(2, run()["skipped"]);
  EXPECT_EQ("skipped: nothing to answer", job(blank)["outcome"]);
  EXPECT_EQ("skipped: nothing to answer", job(own)["outcome"]);
}

TEST_P(Outcomes, SkipsASecondEntryForAnAnsweredMessage) {
  const Customer sam = add_customer();
  const std::string message = add_message(sam, "Hello?");
  const std::string first = enqueue(sam, message, 30);
  const std::string second = enqueue(sam, message, 20);

  const RunResult result = run({"--drain"});

  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(1, result["skipped"]);
  EXPECT_EQ("completed", job(first)["outcome"]);
  EXPECT_EQ("skipped: duplicate", job(second)["outcome"]);
  EXPECT_EQ(1U, standin_.host.count());
}

TEST_P(Outcomes, SkipsARecordedReplyThatALaterAnswerOvertook) {
  const Customer sam = add_customer();
  const std::string older = ask(sam, "Do you open on Mondays?", 60);
  standin_.host.script(Answer{.status = 503});
  ASSERT_EQ(1, run()["deferred"]);
  ask(sam, "And on Tuesdays?", 5);
  ASSERT_EQ(1, run()["completed"]);
  move_back(older, "next_attempt_at", 60);

  const RunResult result = run();

  EXPECT_EQ(1, result["skipped"]) << result.log;
  EXPECT_EQ("skipped: superseded", job(older)["outcome"]);
  EXPECT_EQ(2U, standin_.host.count());
}

TEST_P(Outcomes, RetriesAfterAnErrorOfTheProviderAndPaysOnceAnAttempt) {
  const std::string id = ask("Hello?");
  standin_.provider.script(Answer{.status = 500, .body = R"({"error":{"message":"overloaded"}})"});

  const RunResult first = run();

  EXPECT_EQ(75, first.status);
  EXPECT_EQ(1, first["retried"]);
  const auto row = job(id);
  EXPECT_EQ("pending", row["status"]);
  EXPECT_EQ(1, row["attempts"]);
  EXPECT_EQ(0, row["sends"]);
  EXPECT_TRUE(row["processed_at"].is_null());
  EXPECT_TRUE(row["ai_log_id"].is_null());
  EXPECT_THAT(row["outcome"].get<std::string>(), StartsWith("retried: "));
  EXPECT_THAT(row["error"].get<std::string>(), HasSubstr("500"));
  EXPECT_THAT(row["error"].get<std::string>(), HasSubstr("attempt 1 of 3"));
  EXPECT_GE(between(id, "started_at", "next_attempt_at"), 5 * kSecond);
  EXPECT_LE(between(id, "started_at", "next_attempt_at"), 5 * kSecond + first.exit.wall.count());

  EXPECT_EQ(0, run()["claimed"]) << "not due before its time";
  move_back(id, "next_attempt_at", 60);
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ(2U, standin_.provider.count());
  EXPECT_EQ(2, job(id)["attempts"]);
  EXPECT_TRUE(job(id)["error"].is_null());
}

TEST_P(Outcomes, FailsWhenTheAttemptsAreUsedUp) {
  const std::string id = ask("Hello?");
  standin_.provider.answer_always(Answer{.status = 500});
  std::vector<int> statuses;
  for (int attempt = 1; attempt <= 3; ++attempt) {
    statuses.push_back(run({"--outage-wait", "0"}).status);
    move_back(id, "next_attempt_at", 3'600);
  }

  EXPECT_EQ((std::vector{75, 75, 1}), statuses);
  const auto row = job(id);
  EXPECT_EQ("error", row["status"]);
  EXPECT_EQ(3, row["attempts"]);
  EXPECT_FALSE(row["processed_at"].is_null());
  EXPECT_THAT(row["error"].get<std::string>(), HasSubstr("attempt 3 of 3"));
  EXPECT_EQ(0, run()["claimed"]);
  EXPECT_EQ(3U, standin_.provider.count());
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Outcomes, FailsAtOnceWhatCanNeverSucceed) {
  const std::string id = ask("Hello?");
  standin_.provider.script(
      {.status = 400,
       .body =
           R"({"error":{"message":"flagged by our policy","code":"content_policy_violation"}})"});

  const RunResult result = run();

  EXPECT_EQ(1, result.status);
  EXPECT_EQ(1, result["failed"]);
  const auto row = job(id);
  EXPECT_EQ("error", row["status"]);
  EXPECT_EQ(1, row["attempts"]);
  EXPECT_THAT(row["outcome"].get<std::string>(), StartsWith("failed: "));
  EXPECT_THAT(row["error"].get<std::string>(), HasSubstr("policy"));
}

TEST_P(Outcomes, DefersTheWorkspaceUntilItsSettingsChange) {
  const std::string id = ask("Hello?");
  const std::string other = ask("Hello from another?");
  standin_.provider.script(
      {.status = 404,
       .body =
           R"({"error":{"message":"The model `gpt-99` does not exist","code":"model_not_found"}})"});

  const RunResult first = run({"--concurrency", "1"});

  EXPECT_EQ(75, first.status);
  EXPECT_EQ(2, first["deferred"]);
  EXPECT_EQ(1U, standin_.provider.count()) << "the other job's model is the same";
  EXPECT_EQ(0, job(id)["attempts"]);
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("model"));

  move_back(id, "next_attempt_at", 60);
  move_back(other, "next_attempt_at", 60);
  const RunResult second = run();
  EXPECT_EQ(0, second.status) << "it is the workspace's to mend";
  EXPECT_EQ(0, second["claimed"]);
  EXPECT_EQ(2, second["held_back"]);

  database().execute("update workspace_ai_config set model = 'gpt-4o'");
  EXPECT_EQ(2, run()["completed"]);
}

TEST_P(Outcomes, EndsWhatIsHeldBackOnceItHasExpired) {
  const std::string id = ask("Hello?");
  standin_.provider.script(Answer{.status = 401});
  EXPECT_EQ(1, run()["deferred"]);
  move_back(id, "created_at", 25 * 3'600);
  move_back(id, "next_attempt_at", 60);

  const RunResult result = run();

  EXPECT_EQ(1, result["failed"]) << result.log;
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("expired"));
  EXPECT_EQ(1U, standin_.provider.count());
}

TEST_P(Outcomes, FailsAJobThatIsTooOldToAnswer) {
  const std::string id = ask(add_customer(), "Are you open today?", 25 * 3'600);

  EXPECT_EQ(1, run().status);
  EXPECT_EQ("error", job(id)["status"]);
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("expired"));
  EXPECT_EQ(0U, standin_.provider.count());
}

TEST_P(Outcomes, AnswersAnOldJobWhenNoAgeIsTooOld) {
  ask(add_customer(), "Are you open today?", 25 * 3'600);
  EXPECT_EQ(1, run({"--max-age", "0"})["completed"]);
}

TEST_P(Outcomes, DefersByTheProvidersOwnWaitAndKeepsTheAttempt) {
  const std::string id = ask("Hello?");
  standin_.provider.script(Answer{.status = 429,
                                  .body = R"({"error":{"message":"Rate limit reached"}})",
                                  .headers = {{"Retry-After", "40"}}});

  const RunResult result = run();

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, result["deferred"]);
  const auto row = job(id);
  EXPECT_EQ("pending", row["status"]);
  EXPECT_EQ(0, row["attempts"]);
  EXPECT_THAT(row["outcome"].get<std::string>(), StartsWith("deferred: "));
  EXPECT_FALSE(row["error"].is_null());
  EXPECT_GE(between(id, "started_at", "next_attempt_at"), 40 * kSecond);
  EXPECT_LE(between(id, "started_at", "next_attempt_at"), 40 * kSecond + result.exit.wall.count());
}

TEST_P(Outcomes, DefersWhenTheKeyIsRefused) {
  const std::string id = ask("Hello?");
  standin_.provider.script(
      {.status = 401,
       .body = fmt::format(R"({{"error":{{"message":"Incorrect API key provided: {}"}}}})",
                           kProviderKey)});

  const RunResult result = run();

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, result["deferred"]);
  EXPECT_EQ(0, job(id)["attempts"]);
  EXPECT_EQ(std::string::npos, job(id).dump().find(kProviderKey)) << "the key is stored";
}

}  // namespace
}  // namespace autoreply::test

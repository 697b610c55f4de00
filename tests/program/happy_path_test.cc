#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

using HappyPath = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(HappyPath);

TEST_P(HappyPath, CompletesADueJob) {
  const Customer sam = add_customer();
  const std::string id = ask(sam, "Do you repair boilers on Sundays?");

  const RunResult result = run();

  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(1, result["claimed"]);
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(0, result["still_due"]);
  EXPECT_EQ(kPromptTokens + kCompletionTokens, result["tokens"]);

  const auto row = job(id);
  EXPECT_EQ("complete", row["status"]);
  EXPECT_EQ(1, row["attempts"]);
  EXPECT_EQ(1, row["sends"]);
  EXPECT_EQ("completed", row["outcome"]);
  EXPECT_TRUE(row["error"].is_null());
  EXPECT_TRUE(row["claim_token"].is_null());
  EXPECT_TRUE(row["lease_until"].is_null());
  EXPECT_LE(0, between(id, "claimed_at", "started_at"));
  EXPECT_LE(0, between(id, "started_at", "sent_at"));
  EXPECT_LE(0, between(id, "sent_at", "processed_at"));
}

TEST_P(HappyPath, LogsPromptReplyTokensAndCost) {
  const Customer sam = add_customer();
  const std::string id = ask(sam, "Do you repair boilers on Sundays?");
  standin_.provider.script(chat_completion("Yes, we do: from 9 to 5."));

  ASSERT_EQ(0, run().status);

  const auto log = log_row(job(id)["ai_log_id"]);
  EXPECT_EQ(sam.workspace, log["workspace_id"]);
  EXPECT_EQ(sam.id, log["contact_id"]);
  EXPECT_EQ(job(id)["message_id"], log["message_id"]);
  EXPECT_EQ("openai", log["provider"]);
  EXPECT_EQ(kAnsweringModel, log["model"]);
  EXPECT_THAT(log["prompt"].get<std::string>(), HasSubstr("a bakery"));
  EXPECT_THAT(log["prompt"].get<std::string>(), HasSubstr("Do you repair boilers on Sundays?"));
  EXPECT_EQ("Yes, we do: from 9 to 5.", log["response"]);
  EXPECT_EQ(kPromptTokens + kCompletionTokens, log["tokens_used"]);
  // gpt-4o-mini costs 0.15 dollars for a million tokens in, 0.60 for a million out.
  EXPECT_DOUBLE_EQ((kPromptTokens * 0.15 + kCompletionTokens * 0.60) / 1e6,
                   log["cost"].get<double>());
  EXPECT_FALSE(log["created_at"].is_null());
}

TEST_P(HappyPath, AsksTheWorkspacesProviderWithItsKeyModelAndPrompt) {
  ask("Hello?");

  ASSERT_EQ(0, run().status);

  ASSERT_EQ(1U, standin_.provider.count());
  const ReceivedRequest request = standin_.provider.requests()[0];
  EXPECT_EQ(fmt::format("Bearer {}", kProviderKey), request.header("authorization"));
  const auto body = parse_json(request.body);
  EXPECT_EQ("gpt-4o-mini", body["model"]);
  EXPECT_EQ((nlohmann::json{{"role", "system"}, {"content", "You answer for a bakery."}}),
            body["messages"].front());
  EXPECT_EQ((nlohmann::json{{"role", "user"}, {"content", "Hello?"}}), body["messages"].back());
}

TEST_P(HappyPath, SendsExactlyTheSpecifiedCallback) {
  const Customer sam = add_customer();
  const std::string id = ask(sam, "Hello?");
  standin_.provider.script(chat_completion("Hello! How can we help?"));

  ASSERT_EQ(0, run().status);

  const std::string log_id = job(id)["ai_log_id"];
  EXPECT_THAT(log_id,
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"))
      << "not a UUIDv5";
  ASSERT_EQ(1U, standin_.host.count());
  const ReceivedRequest request = standin_.host.requests()[0];
  EXPECT_EQ(
      (nlohmann::json{
          {"to", sam.phone},
          {"message", "Hello! How can we help?"},
          {"workspaceId", sam.workspace},
          {"contactId", sam.id},
          {"metadata", {{"contactId", sam.id}, {"isAiGenerated", true}, {"aiLogId", log_id}}}}),
      parse_json(request.body));
  EXPECT_EQ(log_id, request.header("idempotency-key"));
  EXPECT_EQ(fmt::format("Bearer {}", kCallbackToken), request.header("authorization"));
  EXPECT_THAT(request.header("user-agent"), StartsWith("autoreply/"));
  EXPECT_THAT(request.header("content-type"), StartsWith("application/json"));
}

TEST_P(HappyPath, SendsTheReplyByteForByteAsLogged) {
  const std::string id = ask("Which tea do you have?");
  standin_.provider.script(chat_completion(
      "**Assistant:** We\u2019ve \u201cDarjeeling\u201d \u2013 and caf\u00e9 cr\u00e8me\u2026\n"));

  ASSERT_EQ(0, run().status);

  const std::string sent = parse_json(standin_.host.requests()[0].body)["message"];
  EXPECT_EQ(log_row(job(id)["ai_log_id"])["response"], sent);
  EXPECT_THAT(sent, HasSubstr("We've \"Darjeeling\" - and caf"));
  EXPECT_THAT(sent, EndsWith("..."));
}

TEST_P(HappyPath, GivesTheConversationOldestFirstAndTheMessageToAnswerLast) {
  const Customer sam = add_customer();
  add_message(sam, "Hi, this is Sam", "inbound", 300);
  add_message(sam, "Hi Sam, how can we help?", "outbound", 240);
  ask(sam, "My boiler is leaking", 60);

  ASSERT_EQ(0, run().status);

  const auto messages = parse_json(standin_.provider.requests()[0].body)["messages"];
  EXPECT_EQ((nlohmann::json{{{"role", "system"}, {"content", "You answer for a bakery."}},
                            {{"role", "user"}, {"content", "Hi, this is Sam"}},
                            {{"role", "assistant"}, {"content", "Hi Sam, how can we help?"}},
                            {{"role", "user"}, {"content", "My boiler is leaking"}}}),
            messages);
}

TEST_P(HappyPath, ClaimsNothingTheSecondTime) {
  ask_many(3);
  EXPECT_EQ(3, run()["completed"]);

  const RunResult second = run();

  EXPECT_EQ(0, second.status);
  EXPECT_EQ(0, second["claimed"]);
  EXPECT_EQ(3U, standin_.host.count());
}

TEST_P(HappyPath, WritesASummaryForPeopleByDefault) {
  ask("Hello?");
  const Exit exit = run_to_end(run_command({"--output", "text"}));
  EXPECT_EQ(0, exit.status);
  EXPECT_THAT(exit.out, HasSubstr("completed"));
}

TEST_P(HappyPath, AnswersOfflineWithTheEchoProvider) {
  const std::string id = ask("Is anybody there?");

  EXPECT_EQ(0, run({"--provider", "echo"}).status);

  EXPECT_EQ(0U, standin_.provider.count());
  EXPECT_EQ("echo", log_row(job(id)["ai_log_id"])["provider"]);
  EXPECT_THAT(parse_json(standin_.host.requests()[0].body)["message"].get<std::string>(),
              HasSubstr("Is anybody there?"));
}

TEST_P(HappyPath, ClaimsNoMoreThanTheLimitAndTheLongestDueFirst) {
  const auto ids = ask_many(5);
  for (int number = 0; number < 5; ++number) {
    move_back(ids[static_cast<std::size_t>(number)], "next_attempt_at", 10 * number);
  }

  const RunResult result = run({"--limit", "2"});

  EXPECT_EQ(0, result.status);
  EXPECT_EQ(2, result["claimed"]);
  EXPECT_EQ(3, result["still_due"]);
  EXPECT_EQ("complete", job(ids[4])["status"]);
  EXPECT_EQ("complete", job(ids[3])["status"]);
  EXPECT_EQ("pending", job(ids[2])["status"]);
}

TEST_P(HappyPath, TakesOnlyTheJobsThatTheFiltersName) {
  add_workspace({.workspace_id = "other"});
  const std::string ours = ask("Hello?");
  const Customer stranger = add_customer("other");
  const std::string theirs = ask(stranger, "Hello?");

  EXPECT_EQ(1, run({"--workspace", "other"})["completed"]);
  EXPECT_EQ("complete", job(theirs)["status"]);
  EXPECT_EQ("pending", job(ours)["status"]);

  EXPECT_EQ(0, run({"--contact", stranger.id})["claimed"]);
  EXPECT_EQ(0, run({"--until", "2020-01-01T00:00:00Z"})["claimed"]);
  EXPECT_EQ(1, run({"--id", ours, "--since", "2020-01-01T00:00:00Z"})["completed"]);
}

}  // namespace
}  // namespace autoreply::test

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A text with everything that a quoting mistake breaks on.
constexpr const char* kOddText =
    "It's \"odd\" \\ 100% :colon ::cast :'x' {queue} 👩‍👩‍👧 — line\nnext\ttab $1 ? ; -- no comment";

/// `direction: body` of each message, in order.
std::vector<std::string> rendered(const std::vector<Message>& messages) {
  std::vector<std::string> lines;
  for (const Message& message : messages) {
    lines.push_back(fmt::format("{}: {}", message.direction, message.body));
  }
  return lines;
}

class Start : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(Start);

TEST_P(Start, MarksTheJobAndRenewsItsLease) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  const std::vector<StartRequest> requests{
      {.held = {claimed.job.id, claimed.token}, .lease = std::chrono::minutes{20}}};
  ASSERT_TRUE(store().start(requests).value().at(0));
  EXPECT_NEAR(0, seconds_until(job.id, "started_at"), 30);
  EXPECT_NEAR(1'200, seconds_until(job.id, "lease_until"), 30);
  EXPECT_EQ("processing", column(job.id, "status"));
}

TEST_P(Start, KeepsTheFirstStartWhenRepeated) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  ASSERT_TRUE(start(claimed));
  set(job.id, "started_at = " + database().instant(-500));
  ASSERT_TRUE(start(claimed));
  EXPECT_NEAR(-500, seconds_until(job.id, "started_at"), 30);
}

TEST_P(Start, DoesNotTouchAJobWhoseTokenWasTaken) {
  const HostJob job = host().job();
  const ClaimedJob stale = claim_one(job.id);
  set(job.id, "lease_until = " + database().instant(-1));
  claim_one(job.id);
  const auto before = row(job.id);
  EXPECT_FALSE(start(stale));
  EXPECT_EQ(before, row(job.id));
}

TEST_P(Start, DoesNotTouchAJobThatSomebodyElseEnded) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  set(job.id, "status = 'complete'");
  const auto before = row(job.id);
  EXPECT_FALSE(start(claimed));
  EXPECT_EQ(before, row(job.id));
}

TEST_P(Start, StillHoldsAfterTheLeaseRanOutWhenNobodyTookTheJob) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  set(job.id, "lease_until = " + database().instant(-60));
  EXPECT_TRUE(start(claimed));
}

TEST_P(Start, AnswersInTheOrderOfTheRequests) {
  const HostJob one = host().job({.seconds_ago = 30}, "one");
  const HostJob two = host().job({.seconds_ago = 20}, "two");
  const HostJob three = host().job({.seconds_ago = 10}, "three");
  const auto jobs = claim();
  ASSERT_EQ(3U, jobs.size());
  set(two.id, "claim_token = " + sql_literal(random_uuid()));
  std::vector<StartRequest> requests;
  for (const std::size_t at : {2U, 1U, 0U}) {
    requests.push_back({.held = {jobs[at].job.id, jobs[at].token}});
  }
  const auto contexts = store().start(requests);
  ASSERT_TRUE(contexts) << contexts.error().message;
  ASSERT_EQ(3U, contexts->size());
  EXPECT_EQ("three", contexts->at(0)->original->body);
  EXPECT_FALSE(contexts->at(1));
  EXPECT_EQ("one", contexts->at(2)->original->body);
}

TEST_P(Start, OfNothingGivesNothing) {
  const auto contexts = store().start({});
  ASSERT_TRUE(contexts) << contexts.error().message;
  EXPECT_THAT(*contexts, IsEmpty());
}

class Context : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    job_ = host().job({.seconds_ago = 100}, "original");
  }

  MessageRow of_contact(std::string body, int seconds_ago, std::string direction = "inbound") {
    return {.contact_id = job_.contact_id,
            .direction = std::move(direction),
            .body = std::move(body),
            .seconds_ago = seconds_ago};
  }

  void set_config(const std::string& assignments) {
    database().execute("update workspace_ai_config set " + assignments);
  }

  HostJob job_;
};
AUTOREPLY_ON_EVERY_DATABASE(Context);

TEST_P(Context, HoldsTheAgeByTheDatabasesClock) {
  const auto age = context_of(job_.id).age;
  EXPECT_GE(age, std::chrono::seconds{100});
  EXPECT_LT(age, std::chrono::seconds{160});
}

TEST_P(Context, HoldsTheOriginalMessage) {
  const auto original = context_of(job_.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ(job_.message_id, original->id);
  EXPECT_EQ(job_.contact_id, original->contact_id);
  EXPECT_EQ("ws-1", original->workspace_id);
  EXPECT_EQ("inbound", original->direction);
  EXPECT_EQ("original", original->body);
  EXPECT_TRUE(original->is_text);
}

TEST_P(Context, HoldsOddTextsByteForByte) {
  database().execute("update livechat_messages set body = " + sql_literal(kOddText));
  host().message(of_contact(kOddText, 200, "outbound"));
  const JobContext context = context_of(job_.id);
  EXPECT_EQ(kOddText, context.original->body);
  EXPECT_THAT(rendered(context.history), ElementsAre(std::string("outbound: ") + kOddText));
}

TEST_P(Context, LacksAMessageThatDoesNotExist) {
  set(job_.id, "message_id = " + sql_literal(random_uuid()));
  EXPECT_FALSE(context_of(job_.id).original);
}

TEST_P(Context, FindsAnOriginalFarOlderThanTheJob) {
  database().execute("update livechat_messages set created_at = " + database().instant(-8'000'000));
  EXPECT_TRUE(context_of(job_.id).original);
}

TEST_P(Context, ShowsAnotherWorkspacesMessageAsSuch) {
  database().execute("update livechat_messages set workspace_id = 'ws-2'");
  const auto original = context_of(job_.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ("ws-2", original->workspace_id);
}

TEST_P(Context, ReadsAnEmptyBodyForNull) {
  database().execute("update livechat_messages set body = null");
  const auto original = context_of(job_.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ("", original->body);
}

TEST_P(Context, CutsHugeBodies) {
  constexpr std::size_t kCharactersMax = 20'000;
  database().execute("update livechat_messages set body = " +
                     sql_literal(std::string(50'000, 'x')));
  EXPECT_EQ(kCharactersMax, context_of(job_.id).original->body.size());
}

TEST_P(Context, MarksAnOriginalOfAnotherType) {
  database().execute("update livechat_messages set msg_type = 'voice'");
  EXPECT_FALSE(context_of(job_.id).original->is_text);
}

TEST_P(Context, TakesTypesInAnyCase) {
  database().execute("update livechat_messages set msg_type = 'SMS'");
  EXPECT_TRUE(context_of(job_.id).original->is_text);
}

TEST_P(Context, KeepsTheFiveNewestMessagesOldestFirst) {
  for (int back = 1; back <= 6; ++back) {
    host().message(of_contact(
        fmt::format("m{}", back), 100 + back * 10, back % 2 == 0 ? "outbound" : "inbound"));
  }
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("outbound: m4", "inbound: m3", "outbound: m2", "inbound: m1"));
}

TEST_P(Context, AddsTheOriginalWhereNewerMessagesPushedItOut) {
  for (int number = 1; number <= 6; ++number) {
    host().message(of_contact(fmt::format("o{}", number), 90 - number, "outbound"));
  }
  const JobContext context = context_of(job_.id);
  EXPECT_EQ("original", context.original->body);
  EXPECT_THAT(
      rendered(context.history),
      ElementsAre("outbound: o2", "outbound: o3", "outbound: o4", "outbound: o5", "outbound: o6"));
}

TEST_P(Context, KeepsNewerInboundMessagesWithoutAnEntryOfTheirOwn) {
  host().message(of_contact("no entry", 50));
  const auto with_entry = host().message(of_contact("own entry", 40));
  host().queue({.contact_id = job_.contact_id, .message_id = with_entry});
  EXPECT_THAT(rendered(context_of(job_.id).history), ElementsAre("inbound: no entry"));
}

TEST_P(Context, KeepsOlderInboundMessagesThatHaveAnEntry) {
  const auto older = host().message(of_contact("older", 150));
  host().queue({.contact_id = job_.contact_id, .message_id = older, .status = "complete"});
  EXPECT_THAT(rendered(context_of(job_.id).history), ElementsAre("inbound: older"));
}

TEST_P(Context, LeavesOutMessagesThatWereNotDelivered) {
  for (const char* status : {"failed", "undelivered", "canceled", "sent"}) {
    MessageRow message = of_contact(status, 150, "outbound");
    message.status = status;
    host().message(message);
  }
  MessageRow inbound = of_contact("came in", 140);
  inbound.status = "failed";
  host().message(inbound);
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("outbound: sent", "inbound: came in"));
}

TEST_P(Context, LeavesOutMessagesThatAreNoText) {
  for (const char* type : {"call", "note", "MMS", "text"}) {
    MessageRow message = of_contact(type, 150);
    message.msg_type = type;
    message.seconds_ago = std::string(type) == "MMS" ? 160 : 150;
    host().message(message);
  }
  MessageRow untyped = of_contact("untyped", 140);
  untyped.msg_type = "";
  host().message(untyped);
  EXPECT_THAT(rendered(context_of(job_.id).history),
              ElementsAre("inbound: MMS", "inbound: text", "inbound: untyped"));
}

TEST_P(Context, LeavesOutInternalMessages) {
  database().execute("alter table livechat_messages add column is_internal boolean");
  host().message(of_contact("internal", 150, "outbound"));
  database().execute("update livechat_messages set is_internal = true where body = 'internal'");
  host().message(of_contact("public", 140, "outbound"));
  database().execute("update livechat_messages set is_internal = false where body = 'public'");
  EXPECT_THAT(rendered(context_of(job_.id).history), ElementsAre("outbound: public"));
}

TEST_P(Context, LeavesOutMessagesOfNeitherDirection) {
  host().message(of_contact("system", 150, "system"));
  EXPECT_THAT(context_of(job_.id).history, IsEmpty());
}

TEST_P(Context, MixesInNoOtherContactAndNoOtherWorkspace) {
  MessageRow other_contact = of_contact("other contact", 150);
  other_contact.contact_id = random_uuid();
  host().message(other_contact);
  MessageRow other_workspace = of_contact("other workspace", 150);
  other_workspace.workspace_id = "ws-2";
  host().message(other_workspace);
  EXPECT_THAT(context_of(job_.id).history, IsEmpty());
}

TEST_P(Context, HoldsTheContact) {
  database().execute("update contacts set conversation_status = 'opted_out'");
  const auto contact = context_of(job_.id).contact;
  ASSERT_TRUE(contact);
  EXPECT_EQ("ws-1", contact->workspace_id);
  EXPECT_EQ("+15550100001", contact->phone_number);
  EXPECT_EQ("opted_out", contact->conversation_status);
}

TEST_P(Context, HoldsAContactWithoutPhoneNumber) {
  database().execute("update contacts set phone_number = null");
  const auto contact = context_of(job_.id).contact;
  ASSERT_TRUE(contact);
  EXPECT_EQ("", contact->phone_number);
}

TEST_P(Context, LacksAContactThatDoesNotExist) {
  database().execute("delete from contacts");
  EXPECT_FALSE(context_of(job_.id).contact);
}

TEST_P(Context, HoldsTheConfiguration) {
  set_config("temperature = 0.25, max_tokens = 300, api_key = 'env:AUTOREPLY_KEY_A', "
             "base_url = 'https://llm.example/v1'");
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->enabled);
  EXPECT_EQ("openai", config->provider);
  EXPECT_EQ("gpt-4o-mini", config->model);
  EXPECT_EQ("You answer for a bakery.", config->system_prompt);
  EXPECT_EQ(0.25, config->temperature);
  EXPECT_EQ(300, config->max_tokens);
  EXPECT_EQ("env:AUTOREPLY_KEY_A", config->api_key);
  EXPECT_EQ("https://llm.example/v1", config->base_url);
}

TEST_P(Context, HoldsAConfigurationOfNulls) {
  set_config("provider = null, model = null, system_prompt = null");
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_EQ("", config->provider);
  EXPECT_EQ(std::nullopt, config->temperature);
  EXPECT_EQ(std::nullopt, config->max_tokens);
  EXPECT_EQ("", config->api_key);
}

TEST_P(Context, TakesTheNewestEnabledConfiguration) {
  host().config({.model = "newest but off", .enabled = false, .seconds_ago = 10});
  host().config({.model = "newer", .seconds_ago = 100});
  host().config({.model = "oldest", .seconds_ago = 9'000});
  host().config({.workspace_id = "ws-2", .model = "other workspace", .seconds_ago = 1});
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_EQ("newer", config->model);
}

TEST_P(Context, ShowsADisabledConfigurationWhereThereIsNoOther) {
  set_config("enabled = false");
  host().config({.model = "newer", .enabled = false, .seconds_ago = 100});
  const auto config = context_of(job_.id).config;
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->enabled);
  EXPECT_EQ("newer", config->model);
}

TEST_P(Context, LacksAConfigurationThatDoesNotExist) {
  database().execute("delete from workspace_ai_config");
  EXPECT_FALSE(context_of(job_.id).config);
}

TEST_P(Context, HoldsAReplyThatWasRecorded) {
  EXPECT_FALSE(context_of(job_.id).recorded);
  set(job_.id, "lease_until = " + database().instant(-1));
  const ClaimedJob claimed = claim_one(job_.id);
  ASSERT_TRUE(record(claimed, kOddText));
  const auto recorded = start(claimed)->recorded;
  ASSERT_TRUE(recorded);
  EXPECT_EQ(log_id_of(claimed), recorded->log_id);
  EXPECT_EQ(kOddText, recorded->text);
}

TEST_P(Context, KnowsAMessageThatAnotherEntryAnswered) {
  QueueRow other{.contact_id = job_.contact_id,
                 .message_id = job_.message_id,
                 .status = "complete",
                 .processed_in = -20};
  const auto other_id = host().queue(other);
  EXPECT_TRUE(context_of(job_.id).answered_elsewhere) << "by the old service";
  set(other_id, "outcome = 'completed'");
  set(job_.id, "lease_until = " + database().instant(-1));
  EXPECT_TRUE(context_of(job_.id).answered_elsewhere) << "by us";
}

TEST_P(Context, KnowsNoAnswerInAnEntryThatWasSkippedFailedOrWaits) {
  host().queue({.contact_id = job_.contact_id,
                .message_id = job_.message_id,
                .status = "complete",
                .outcome = "skipped: duplicate"});
  host().queue(
      {.contact_id = job_.contact_id, .message_id = job_.message_id, .status = "error"});
  host().queue({.contact_id = job_.contact_id,
                .message_id = job_.message_id,
                .status = "pending",
                .next_attempt_in = 600});
  host().queue({.contact_id = job_.contact_id,
                .message_id = random_uuid(),
                .status = "complete",
                .outcome = "completed"});
  EXPECT_FALSE(context_of(job_.id).answered_elsewhere);
}

class Superseded : public Context {
 protected:
  /// Whether a recorded reply is superseded by another entry of the contact.
  bool superseded_by(QueueRow other) {
    const ClaimedJob claimed = claim_one(job_.id);
    if (!record(claimed)) ADD_FAILURE() << "the token did not hold";
    database().execute("update ai_response_logs set created_at = " + database().instant(-60));
    other.contact_id = other.contact_id.empty() ? job_.contact_id : other.contact_id;
    host().queue(other);
    return start(claimed)->superseded;
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Superseded);

TEST_P(Superseded, IsAReplyAfterWhichALaterMessageWasAnswered) {
  EXPECT_TRUE(superseded_by({.status = "complete", .seconds_ago = 50, .processed_in = -30}));
}

TEST_P(Superseded, IsNoReplyAfterWhichALaterMessageWasSkipped) {
  EXPECT_FALSE(superseded_by({.status = "complete",
                              .seconds_ago = 50,
                              .processed_in = -30,
                              .outcome = "skipped: nothing to answer"}));
}

TEST_P(Superseded, IsNoReplyAfterWhichAnEarlierMessageWasAnswered) {
  EXPECT_FALSE(superseded_by({.status = "complete", .seconds_ago = 500, .processed_in = -30}));
}

TEST_P(Superseded, IsNoReplyThatWasRecordedAfterTheLaterAnswer) {
  EXPECT_FALSE(superseded_by({.status = "complete", .seconds_ago = 90, .processed_in = -80}));
}

TEST_P(Superseded, IsNoReplyByAnotherContact) {
  EXPECT_FALSE(superseded_by({.contact_id = random_uuid(),
                              .status = "complete",
                              .seconds_ago = 50,
                              .processed_in = -30}));
}

TEST_P(Superseded, IsNoJobWithoutAReply) {
  host().queue({.contact_id = job_.contact_id,
                .status = "complete",
                .seconds_ago = 50,
                .processed_in = -30});
  EXPECT_FALSE(context_of(job_.id).superseded);
}

class OptOut : public Context {};
AUTOREPLY_ON_EVERY_DATABASE(OptOut);

TEST_P(OptOut, IsNotSeenWithoutAWord) {
  host().message(of_contact("please stop by tomorrow", 50));
  EXPECT_FALSE(context_of(job_.id).opted_out_since);
}

TEST_P(OptOut, IsSeenInTheOriginalItself) {
  database().execute("update livechat_messages set body = 'STOP'");
  EXPECT_TRUE(context_of(job_.id).opted_out_since);
}

TEST_P(OptOut, IsSeenInEveryForm) {
  for (const char* word : {"STOP",
                           " stop. ",
                           "Stop!\n",
                           "stopall",
                           "Stop all",
                           "unsubscribe",
                           "CANCEL",
                           "end",
                           "quit",
                           "revoke",
                           "optout",
                           "opt out",
                           "opt-out"}) {
    const auto id = host().message(of_contact(word, 50));
    EXPECT_TRUE(context_of(job_.id).opted_out_since) << word;
    database().execute("delete from livechat_messages where id = " + sql_literal(id));
    set(job_.id, "lease_until = " + database().instant(-1));
  }
}

TEST_P(OptOut, IsTakenBackByALaterStart) {
  host().message(of_contact("STOP", 50));
  host().message(of_contact("start", 40));
  EXPECT_FALSE(context_of(job_.id).opted_out_since);
}

TEST_P(OptOut, HoldsAgainAfterAnotherStop) {
  host().message(of_contact("STOP", 50));
  host().message(of_contact("UNSTOP", 40));
  host().message(of_contact("STOP", 30));
  EXPECT_TRUE(context_of(job_.id).opted_out_since);
}

TEST_P(OptOut, IsNotSeenBeforeTheOriginal) {
  host().message(of_contact("STOP", 150));
  EXPECT_FALSE(context_of(job_.id).opted_out_since);
}

TEST_P(OptOut, IsNotSeenInOutboundMessagesOrOtherWorkspaces) {
  host().message(of_contact("STOP", 50, "outbound"));
  MessageRow other = of_contact("STOP", 50);
  other.workspace_id = "ws-2";
  host().message(other);
  EXPECT_FALSE(context_of(job_.id).opted_out_since);
}

}  // namespace
}  // namespace autoreply::test

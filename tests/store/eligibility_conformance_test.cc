#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/context_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;

class AnsweredElsewhere : public ContextTest {};
AUTOREPLY_ON_EVERY_DATABASE(AnsweredElsewhere);

TEST_P(AnsweredElsewhere, IsAMessageThatAnotherEntryAnswered) {
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

TEST_P(AnsweredElsewhere, IsNoMessageWhoseOtherEntriesWereSkippedFailedOrWait) {
  host().queue({.contact_id = job_.contact_id,
                .message_id = job_.message_id,
                .status = "complete",
                .outcome = "skipped: duplicate"});
  host().queue({.contact_id = job_.contact_id, .message_id = job_.message_id, .status = "error"});
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

class Superseded : public ContextTest {
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
  EXPECT_FALSE(superseded_by(
      {.contact_id = random_uuid(), .status = "complete", .seconds_ago = 50, .processed_in = -30}));
}

TEST_P(Superseded, IsNoJobWithoutAReply) {
  host().queue({.contact_id = job_.contact_id,
                .status = "complete",
                .seconds_ago = 50,
                .processed_in = -30});
  EXPECT_FALSE(context_of(job_.id).superseded);
}

class ShortTextsSince : public ContextTest {
 protected:
  std::vector<std::string> texts() { return context_of(job_.id).short_texts_since; }
};
AUTOREPLY_ON_EVERY_DATABASE(ShortTextsSince);

TEST_P(ShortTextsSince, AreThoseOfTheContactNewestFirst) {
  host().message(of_contact("STOP" + std::string(100, '\n'), 50));
  host().message(of_contact("start", 40));
  EXPECT_THAT(texts(), ElementsAre("start", "STOP", "original"));
}

TEST_P(ShortTextsSince, BeginWithTheOriginal) {
  host().message(of_contact("STOP", 150));
  EXPECT_THAT(texts(), ElementsAre("original"));
}

TEST_P(ShortTextsSince, AreNeitherLongNorEmptyNorOfOthers) {
  host().message(of_contact(std::string(61, 'x'), 50));
  host().message(of_contact("STOP", 50, "outbound"));
  MessageRow other_workspace = of_contact("STOP", 50);
  other_workspace.workspace_id = "ws-2";
  host().message(other_workspace);
  MessageRow other_contact = of_contact("STOP", 50);
  other_contact.contact_id = random_uuid();
  host().message(other_contact);
  MessageRow none = of_contact("", 50);
  none.body = std::nullopt;
  host().message(none);
  EXPECT_THAT(texts(), ElementsAre("original"));
}

TEST_P(ShortTextsSince, AreAtMostTheNewestTwoHundred) {
  for (int count = 0; count < 201; ++count) host().message(of_contact(std::to_string(count), 50));
  EXPECT_EQ(200U, texts().size());
}

TEST_P(ShortTextsSince, AreReadAnewWhenTheReplyIsRecorded) {
  const ClaimedJob claimed = claim_one(job_.id);
  EXPECT_THAT(start(claimed)->short_texts_since, ElementsAre("original"));
  host().message(of_contact("STOP", 1));
  const auto written = store().write(std::vector{record_request(claimed, "text")}, {});
  ASSERT_TRUE(written && written->recorded.at(0));
  EXPECT_THAT(written->recorded.at(0)->conditions.short_texts_since,
              ElementsAre("STOP", "original"));
}

class OthersAnswer : public ContextTest {
 protected:
  /// Seconds from the original to the newest message from others, or -1.
  static int seconds(const std::optional<std::chrono::milliseconds>& after) {
    return after ? static_cast<int>(after->count() / 1'000) : -1;
  }
  int after() {
    const int found = seconds(context_of(job_.id).others_answer_after);
    set(job_.id, "lease_until = " + database().instant(-1));
    return found;
  }
  void clear() { database().execute("delete from livechat_messages where direction = 'outbound'"); }
};
AUTOREPLY_ON_EVERY_DATABASE(OthersAnswer);

TEST_P(OthersAnswer, IsAnOutboundMessageAfterTheOriginal) {
  EXPECT_EQ(-1, after());
  host().message(of_contact("We are!", 150, "outbound"));
  EXPECT_EQ(-1, after()) << "from before";
  host().message(of_contact("Hold on", 90, "outbound"));
  EXPECT_NEAR(10, after(), 2);
  host().message(of_contact("We are!", 30, "outbound"));
  EXPECT_NEAR(70, after(), 2);
}

TEST_P(OthersAnswer, IsNoneThatFailedOrIsNoText) {
  MessageRow failed = of_contact("We are!", 30, "outbound");
  failed.status = "failed";
  host().message(failed);
  MessageRow call = of_contact("We are!", 30, "outbound");
  call.msg_type = "call";
  host().message(call);
  EXPECT_EQ(-1, after());
}

TEST_P(OthersAnswer, IsNoneThatIsInternal) {
  database().execute("alter table livechat_messages add column is_internal boolean");
  host().message(of_contact("Who answers?", 30, "outbound"));
  database().execute(
      "update livechat_messages set is_internal = true where direction = 'outbound'");
  const ClaimedJob claimed = claim_one(job_.id);
  const auto contexts =
      open_another_store()->start(std::vector<StartRequest>{start_request(claimed)});
  ASSERT_TRUE(contexts && contexts->at(0));
  EXPECT_EQ(-1, seconds(contexts->at(0)->others_answer_after));
}

TEST_P(OthersAnswer, IsNoneOfOurs) {
  // Another job of the contact, whose reply went out 40 s ago.
  QueueRow row;
  row.contact_id = job_.contact_id;
  row.message_id = host().message(of_contact("And Monday?", 60));
  const ClaimedJob other = claim_one(host().queue(row));
  ASSERT_TRUE(record(other, "Yes."));
  ASSERT_TRUE(settle(settlement(other, Outcome::completed)));
  set(other.job.id.value, "sent_at = " + database().instant(-40));
  database().execute("update ai_response_logs set created_at = " + database().instant(-40));
  host().message(of_contact("Yes.\nReply STOP to opt out", 30, "outbound"));
  EXPECT_EQ(-1, after());
  host().message(of_contact("Yes. It's me", 60, "outbound"));
  EXPECT_NEAR(40, after(), 2) << "from before our send";
}

TEST_P(OthersAnswer, IsReadAnewWhenTheReplyIsRecorded) {
  const ClaimedJob claimed = claim_one(job_.id);
  EXPECT_EQ(-1, seconds(start(claimed)->others_answer_after));
  host().message(of_contact("We are!", 30, "outbound"));
  const auto written = store().write(std::vector{record_request(claimed, "text")}, {});
  ASSERT_TRUE(written && written->recorded.at(0));
  EXPECT_NEAR(70, seconds(written->recorded.at(0)->conditions.others_answer_after), 2);
}

}  // namespace
}  // namespace autoreply::test

#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/context_test.h"

namespace autoreply::test {
namespace {

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

class OptOut : public ContextTest {};
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

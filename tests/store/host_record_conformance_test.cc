#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/write_test.h"

namespace autoreply::test {
namespace {

/// A reply that was recorded two minutes ago and whose transmission got no definite answer.
class HostRecord : public WriteTest {
 protected:
  static constexpr const char* kReply = "We open at 7.\nSee you, Anna";
  static constexpr int kSentAgo = 120;

  void SetUp() override {
    WriteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    send(claimed_, kSentAgo);
  }

  void send(const ClaimedJob& job, int seconds_ago) {
    ASSERT_TRUE(record(job, kReply));
    set_sent(job, seconds_ago);
  }

  void set_sent(const ClaimedJob& job, int seconds_ago) {
    set(job.job.id.value, "sent_at = " + database().instant(-seconds_ago));
    database().execute(fmt::format("update ai_response_logs set created_at = {} where id = {}",
                                   database().instant(-seconds_ago),
                                   sql_literal(log_id_of(job))));
  }

  MessageRow outbound(int seconds_ago) {
    return {.contact_id = job_.contact_id,
            .direction = "outbound",
            .body = kReply,
            .seconds_ago = seconds_ago,
            .status = "sent"};
  }

  bool found(const ClaimedJob& job) {
    const std::vector<StartRequest> requests{start_request(job, true)};
    // A new store, since only the next run sees columns that a host's table has gained.
    const auto contexts = open_another_store()->start(requests);
    EXPECT_TRUE(contexts) << contexts.error().message;
    return contexts && contexts->at(0) && contexts->at(0)->found_at_host;
  }
  bool found() { return found(claimed_); }

  /// Adds a completed job of the contact with the same reply.
  ClaimedJob completed_twin(int sent_ago, int completed_ago) {
    const std::string token = column(job_.id, "claim_token");
    set(job_.id, "claim_token = null");  // one contact has one job in flight
    QueueRow row;
    row.contact_id = job_.contact_id;
    row.message_id = host().message({.contact_id = job_.contact_id});
    row.workspace_id = job_.workspace_id;
    const ClaimedJob twin = claim_one(host().queue(row));
    EXPECT_TRUE(record(twin, kReply));
    Settlement done = settlement(twin, Outcome::completed);
    done.note = "completed";
    EXPECT_TRUE(settle(done));
    set_sent(twin, sent_ago);
    set(twin.job.id.value, "processed_at = " + database().instant(-completed_ago));
    set(job_.id, "claim_token = " + sql_literal(token));
    return twin;
  }

  void add_metadata_column() {
    database().execute(fmt::format("alter table livechat_messages add column metadata {}",
                                   database().is_postgres() ? "jsonb" : "text"));
  }
  void set_metadata(const std::string& message_id, const std::string& log_id) {
    database().execute(fmt::format(
        R"(update livechat_messages set metadata = '{{"isAiGenerated": true, "aiLogId": "{}"}}' where id = '{}')",
        log_id,
        message_id));
  }
};
AUTOREPLY_ON_EVERY_DATABASE(HostRecord);

TEST_P(HostRecord, ShowsNothingWhereTheHostSentNothing) {
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, ProvesADeliveryByAnEqualText) {
  host().message(outbound(119));
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, IsNotAskedAboutAJobThatIsNotInDoubt) {
  host().message(outbound(119));
  const auto context = start(claimed_);
  ASSERT_TRUE(context);
  EXPECT_FALSE(context->found_at_host);
}

TEST_P(HostRecord, TakesOtherWhiteSpaceForTheSameText) {
  MessageRow row = outbound(119);
  row.body =
      "  We\topen at  7.\r\n\r\nSee you,\xC2\xA0"
      "Anna ";
  host().message(row);
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesAnotherNormalFormForTheSameText) {
  database().execute("update ai_response_logs set response = 'Caf\u00E9 at 7'");
  MessageRow row = outbound(119);
  row.body = "Cafe\u0301 at 7";
  host().message(row);
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesTheTextWithAFooter) {
  database().execute(
      "update ai_response_logs set response = 'We open at seven o''clock on Sundays.'");
  MessageRow row = outbound(119);
  row.body = "We open at seven o'clock on Sundays.\n\nReply STOP to opt out";
  host().message(row);
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesNoShortTextInAnotherOneForProof) {
  database().execute("update ai_response_logs set response = 'Yes.'");
  MessageRow row = outbound(119);
  row.body = "Yes. We open at 7.";
  host().message(row);
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, TakesNoOtherTextForTheSame) {
  for (const char* text : {"we open at 7.\nSee you, Anna", "We open at 7.", ""}) {
    MessageRow row = outbound(119);
    row.body = text;
    host().message(row);
  }
  MessageRow none = outbound(119);
  none.body = std::nullopt;
  host().message(none);
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, BearsWithAHostsClockThatIsTenSecondsBehind) {
  host().message(outbound(kSentAgo + 9));
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesNoMessageFromBeforeTheSend) {
  host().message(outbound(kSentAgo + 12));
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, LooksBackToTheFirstOfSeveralTransmissions) {
  host().message(outbound(kSentAgo - 1));
  set(job_.id, "sends = 2, sent_at = " + database().instant(-20));
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesNoMessageThatDidNotGoOut) {
  for (const char* status : {"failed", "undelivered", "canceled", "FAILED"}) {
    MessageRow row = outbound(119);
    row.status = status;
    host().message(row);
  }
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, TakesAMessageWithoutAStatus) {
  MessageRow row = outbound(119);
  row.status = std::nullopt;
  host().message(row);
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesNoMessageOfSomebodyElse) {
  MessageRow inbound = outbound(119);
  inbound.direction = "inbound";
  host().message(inbound);
  MessageRow other_workspace = outbound(119);
  other_workspace.workspace_id = "ws-2";
  host().message(other_workspace);
  MessageRow other_contact = outbound(119);
  other_contact.contact_id = host().contact();
  host().message(other_contact);
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, ProvesOneOfTwoEqualReplies) {
  completed_twin(kSentAgo + 5, kSentAgo + 4);
  host().message(outbound(kSentAgo + 4));
  EXPECT_FALSE(found()) << "the message is that of the other reply";
  host().message(outbound(kSentAgo - 1));
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, GivesAReplyFromBeforeItsOwnMessage) {
  // It was sent long before, but found to be delivered only now.
  completed_twin(kSentAgo + 600, 1);
  host().message(outbound(kSentAgo + 599));
  EXPECT_FALSE(found());
  host().message(outbound(kSentAgo - 1));
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, ProvesADeliveryByTheLogIdInTheMetadata) {
  add_metadata_column();
  MessageRow row = outbound(119);
  row.body = "We open at 7. (sent by the assistant)";
  set_metadata(host().message(row), log_id_of(claimed_));
  EXPECT_TRUE(found());
}

TEST_P(HostRecord, TakesNoMessageThatNamesAnotherReply) {
  add_metadata_column();
  set_metadata(host().message(outbound(119)), "00000000-0000-5000-8000-000000000001");
  EXPECT_FALSE(found());
}

TEST_P(HostRecord, TellsHowLongAgoTheTransmissionBegan) {
  const auto context = start(claimed_);
  ASSERT_TRUE(context && context->since_sent);
  EXPECT_NEAR(kSentAgo, static_cast<double>(context->since_sent->count()) / 1'000, 30);
}

}  // namespace
}  // namespace autoreply::test

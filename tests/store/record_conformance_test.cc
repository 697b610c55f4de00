#include <gtest/gtest.h>

#include "store/write_test.h"

namespace autoreply::test {
namespace {

using std::chrono::minutes;

class Record : public WriteTest {};
AUTOREPLY_ON_EVERY_DATABASE(Record);

TEST_P(Record, WritesTheLogRow) {
  ASSERT_TRUE(record(claimed_, kOddText));
  EXPECT_EQ("ws-1", log("workspace_id"));
  EXPECT_EQ(job_.contact_id, log("contact_id"));
  EXPECT_EQ(job_.message_id, log("message_id"));
  EXPECT_EQ("openai", log("provider"));
  EXPECT_EQ("gpt-4o-mini", log("model"));
  EXPECT_EQ(R"([{"role":"user"}])", log("prompt"));
  EXPECT_EQ(kOddText, log("response"));
  EXPECT_EQ("321", log("tokens_used"));
  EXPECT_NEAR(
      0, std::stod(log(database().seconds_between(database().instant(0), "created_at"))), 30);
}

TEST_P(Record, WritesTheCostAsAnExactDecimal) {
  ASSERT_TRUE(record(claimed_));
  EXPECT_EQ("0.001234567", log("cost"));
}

TEST_P(Record, WritesLargeAndSmallCostsExactly) {
  // PostgreSQL's NUMERIC keeps all digits; SQLite's may round after 15.
  RecordRequest request = record_request(claimed_, "text");
  request.reply->cost_nanodollars = 12'345'000'000'001;
  write({request}, {});
  EXPECT_EQ("12345.000000001", log("cost"));
}

TEST_P(Record, LeavesTokensAndCostNullWhereUnknown) {
  RecordRequest request = record_request(claimed_, "text");
  request.reply->tokens_used.reset();
  request.reply->cost_nanodollars.reset();
  write({request}, {});
  EXPECT_EQ("unknown", log("coalesce(cast(tokens_used as text), 'unknown')"));
  EXPECT_EQ("unknown", log("coalesce(cast(cost as text), 'unknown')"));
}

TEST_P(Record, CapsTokensAtWhatTheColumnTakes) {
  RecordRequest request = record_request(claimed_, "text");
  request.reply->tokens_used = 9'000'000'000;
  write({request}, {});
  EXPECT_EQ(database().is_postgres() ? "2147483647" : "9000000000", log("tokens_used"));
}

TEST_P(Record, NotesTheTransmissionInTheQueue) {
  set(job_.id, "outcome = 'retried: callback', error = 'earlier'");
  RecordRequest request = record_request(claimed_, "text");
  request.lease = minutes{20};
  request.sends = 4;
  const Written written = write({request}, {});
  ASSERT_TRUE(written.recorded.at(0));
  EXPECT_EQ("text", written.recorded.at(0)->text);
  EXPECT_EQ(log_id_of(claimed_), column(job_.id, "ai_log_id"));
  EXPECT_EQ("4", column(job_.id, "sends"));
  EXPECT_NEAR(0, seconds_until(job_.id, "sent_at"), 30);
  EXPECT_NEAR(1'200, seconds_until(job_.id, "lease_until"), 30);
  EXPECT_EQ("", column(job_.id, "outcome"));
  EXPECT_EQ("earlier", column(job_.id, "error"));
  EXPECT_EQ("processing", column(job_.id, "status"));
  EXPECT_EQ(claimed_.token.value, column(job_.id, "claim_token"));
}

TEST_P(Record, ChangesNothingWhenRepeated) {
  ASSERT_TRUE(record(claimed_, "text"));
  const Written again = write({record_request(claimed_, "text")}, {});
  ASSERT_TRUE(again.recorded.at(0));
  EXPECT_EQ("text", again.recorded.at(0)->text);
  EXPECT_EQ("1", column(job_.id, "sends"));
  EXPECT_EQ("1", log_count());
}

TEST_P(Record, KeepsAnExistingLogRowAndSaysWhatItHolds) {
  ASSERT_TRUE(record(claimed_, "first"));
  const Written again = write({record_request(claimed_, "second")}, {});
  ASSERT_TRUE(again.recorded.at(0));
  EXPECT_EQ("first", again.recorded.at(0)->text);
  EXPECT_EQ("first", log("response"));
}

TEST_P(Record, OfATransmissionAloneWritesNoLogRow) {
  ASSERT_TRUE(record(claimed_, "first"));
  RecordRequest repeated = record_request(claimed_, "");
  repeated.reply.reset();
  repeated.sends = 2;
  const Written written = write({repeated}, {});
  ASSERT_TRUE(written.recorded.at(0));
  EXPECT_EQ("first", written.recorded.at(0)->text);
  EXPECT_EQ("2", column(job_.id, "sends"));
  EXPECT_EQ("1", log_count());
}

TEST_P(Record, DoesNotTouchAJobWhoseTokenWasTaken) {
  taken_over();
  const auto before = row(job_.id);
  EXPECT_FALSE(record(claimed_));
  EXPECT_EQ(before, row(job_.id));
  EXPECT_EQ("0", log_count());
}

TEST_P(Record, DoesNotTouchAJobThatSomebodyElseEnded) {
  set(job_.id, "status = 'error'");
  const auto before = row(job_.id);
  EXPECT_FALSE(record(claimed_));
  EXPECT_EQ(before, row(job_.id));
  EXPECT_EQ("0", log_count());
}

TEST_P(Record, TellsWhatTheContactIsNow) {
  database().execute(
      "update contacts set conversation_status = 'closed', phone_number = '+15550100002'");
  set(job_.id, "created_at = " + database().instant(-700));
  const Written written = write({record_request(claimed_, "text")}, {});
  const SendConditions& now = written.recorded.at(0)->conditions;
  ASSERT_TRUE(now.contact);
  EXPECT_EQ("ws-1", now.contact->workspace_id);
  EXPECT_EQ("+15550100002", now.contact->phone_number);
  EXPECT_EQ("closed", now.contact->conversation_status);
  EXPECT_TRUE(now.config_enabled);
  EXPECT_NEAR(700, static_cast<double>(now.age.count()) / 1'000, 30);
}

TEST_P(Record, TellsThatTheContactIsGone) {
  database().execute("delete from contacts");
  const Written written = write({record_request(claimed_, "text")}, {});
  ASSERT_TRUE(written.recorded.at(0));
  EXPECT_FALSE(written.recorded.at(0)->conditions.contact);
}

}  // namespace
}  // namespace autoreply::test

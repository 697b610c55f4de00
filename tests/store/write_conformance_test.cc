#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kOddText =
    "It's \"odd\" \\ 100% :colon ::cast :'x' {logs} 👩‍👩‍👧 — line\nnext\ttab $1 ? ; -- no comment";

class Write : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    job_ = host().job();
    claimed_ = claim_one(job_.id);
  }

  /// The token of `claimed_` holds no more: another claim has the job.
  ClaimedJob taken_over() {
    set(job_.id, "lease_until = " + database().instant(-1));
    return claim_one(job_.id);
  }

  std::string log(std::string_view column) {
    return database().value(fmt::format("select {} from ai_response_logs where id = {}",
                                        column,
                                        sql_literal(log_id_of(claimed_))));
  }

  std::string log_count() { return database().value("select count(*) from ai_response_logs"); }

  Written write(const std::vector<RecordRequest>& records,
                const std::vector<Settlement>& settlements) {
    auto written = store().write(records, settlements);
    if (!written) throw std::runtime_error(written.error().message);
    return std::move(*written);
  }

  HostJob job_;
  ClaimedJob claimed_;
};

class Record : public Write {};
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
  EXPECT_NEAR(0,
              std::stod(log(database().seconds_between(database().instant(0), "created_at"))),
              30);
}

TEST_P(Record, WritesTheCostAsAnExactDecimal) {
  ASSERT_TRUE(record(claimed_));
  EXPECT_EQ("0.001234567", log("cost"));
}

TEST_P(Record, WritesLargeAndSmallCostsExactly) {
  // What PostgreSQL's NUMERIC keeps, SQLite's may round beyond 15 digits.
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
  EXPECT_EQ("1", log("tokens_used is null and cost is null")[0] == 't'
                     ? "1"
                     : log("tokens_used is null and cost is null"));
}

TEST_P(Record, CapsTokensAtWhatTheColumnTakes) {
  RecordRequest request = record_request(claimed_, "text");
  request.reply->tokens_used = 9'000'000'000;
  write({request}, {});
  EXPECT_EQ("2147483647", log("tokens_used"));
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

class Settle : public Write {
 protected:
  Settlement outcome(Outcome value) { return settlement(claimed_, value); }

  void expect_claim_ended() {
    EXPECT_EQ("", column(job_.id, "claim_token"));
    EXPECT_EQ("", column(job_.id, "lease_until"));
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Settle);

TEST_P(Settle, CompletesAJob) {
  set(job_.id, "error = 'earlier'");
  start(claimed_);
  Settlement completed = outcome(Outcome::completed);
  completed.note = "completed";
  ASSERT_TRUE(settle(completed));
  EXPECT_EQ("complete", column(job_.id, "status"));
  EXPECT_EQ("1", column(job_.id, "attempts"));
  EXPECT_EQ("", column(job_.id, "error"));
  EXPECT_EQ("completed", column(job_.id, "outcome"));
  EXPECT_NEAR(0, seconds_until(job_.id, "processed_at"), 30);
  EXPECT_NEAR(0, seconds_until(job_.id, "started_at"), 30);
  expect_claim_ended();
}

TEST_P(Settle, SkipsAJob) {
  Settlement skipped = outcome(Outcome::skipped);
  skipped.note = "skipped: opted out";
  ASSERT_TRUE(settle(skipped));
  EXPECT_EQ("complete", column(job_.id, "status"));
  EXPECT_EQ("skipped: opted out", column(job_.id, "outcome"));
  EXPECT_EQ("", column(job_.id, "error"));
  EXPECT_NE("", column(job_.id, "processed_at"));
  expect_claim_ended();
}

TEST_P(Settle, RetriesAJobAfterItsDelay) {
  Settlement retried = outcome(Outcome::retried);
  retried.note = "retried: provider";
  retried.error = kOddText;
  retried.due = Settlement::Due::after_now;
  retried.delay = minutes{25};
  ASSERT_TRUE(settle(retried));
  EXPECT_EQ("pending", column(job_.id, "status"));
  EXPECT_EQ("1", column(job_.id, "attempts"));
  EXPECT_EQ(kOddText, column(job_.id, "error"));
  EXPECT_EQ("retried: provider", column(job_.id, "outcome"));
  EXPECT_EQ("", column(job_.id, "processed_at"));
  EXPECT_NEAR(1'500, seconds_until(job_.id, "next_attempt_at"), 30);
  expect_claim_ended();
}

TEST_P(Settle, CountsTheDelayInMilliseconds) {
  start(claimed_);
  ASSERT_TRUE(record(claimed_));
  Settlement retried = outcome(Outcome::retried);
  retried.due = Settlement::Due::after_send;
  retried.delay = std::chrono::milliseconds{1'250};
  ASSERT_TRUE(settle(retried));
  EXPECT_EQ(1.25, std::stod(column(job_.id,
                                   database().seconds_between("sent_at", "next_attempt_at"))));
}

TEST_P(Settle, RetriesAJobInDoubtAfterItsSend) {
  ASSERT_TRUE(record(claimed_));
  set(job_.id, "sent_at = " + database().instant(-1'000));
  Settlement retried = outcome(Outcome::retried);
  retried.note = "retried: in doubt";
  retried.due = Settlement::Due::after_send;
  retried.delay = minutes{20};
  ASSERT_TRUE(settle(retried));
  EXPECT_NEAR(200, seconds_until(job_.id, "next_attempt_at"), 30);
}

TEST_P(Settle, CountsFromNowWhereNothingWasSent) {
  Settlement retried = outcome(Outcome::retried);
  retried.due = Settlement::Due::after_send;
  retried.delay = minutes{20};
  ASSERT_TRUE(settle(retried));
  EXPECT_NEAR(1'200, seconds_until(job_.id, "next_attempt_at"), 30);
}

TEST_P(Settle, FailsAJob) {
  Settlement failed = outcome(Outcome::failed);
  failed.note = "failed: provider";
  failed.error = "provider refused";
  ASSERT_TRUE(settle(failed));
  EXPECT_EQ("error", column(job_.id, "status"));
  EXPECT_EQ("failed: provider", column(job_.id, "outcome"));
  EXPECT_EQ("provider refused", column(job_.id, "error"));
  EXPECT_NE("", column(job_.id, "processed_at"));
  expect_claim_ended();
}

TEST_P(Settle, DefersAJobWithoutUsingTheAttempt) {
  Settlement deferred = outcome(Outcome::deferred);
  deferred.attempts = claimed_.attempts_before;
  deferred.note = "deferred: throttled";
  deferred.error = "429";
  deferred.due = Settlement::Due::after_now;
  deferred.delay = minutes{10};
  ASSERT_TRUE(settle(deferred));
  EXPECT_EQ("pending", column(job_.id, "status"));
  EXPECT_EQ("0", column(job_.id, "attempts"));
  EXPECT_EQ("deferred: throttled", column(job_.id, "outcome"));
  EXPECT_EQ("429", column(job_.id, "error"));
  EXPECT_EQ("", column(job_.id, "processed_at"));
  EXPECT_NEAR(600, seconds_until(job_.id, "next_attempt_at"), 30);
  expect_claim_ended();
}

TEST_P(Settle, ReleasesAJobAsItWasBeforeTheClaim) {
  const HostJob job = host().job({.seconds_ago = 500,
                                  .attempts = 1,
                                  .next_attempt_in = -200,
                                  .outcome = "retried: provider",
                                  .error = "earlier"});
  const auto jobs = claim();
  ASSERT_EQ(1U, jobs.size());
  start(jobs.front());
  Settlement released = settlement(jobs.front(), Outcome::released);
  released.attempts = jobs.front().attempts_before;
  ASSERT_TRUE(settle(released));
  EXPECT_EQ("pending", column(job.id, "status"));
  EXPECT_EQ("1", column(job.id, "attempts"));
  EXPECT_EQ("earlier", column(job.id, "error"));
  EXPECT_EQ("retried: provider", column(job.id, "outcome"));
  EXPECT_EQ("", column(job.id, "started_at"));
  EXPECT_EQ("", column(job.id, "processed_at"));
  EXPECT_EQ("", column(job.id, "claim_token"));
  EXPECT_EQ("", column(job.id, "lease_until"));
  EXPECT_NEAR(-200, seconds_until(job.id, "next_attempt_at"), 30);
  EXPECT_THAT(ids(claim()), ElementsAre(job.id));
}

TEST_P(Settle, KeepsTheOutcomeWhereTheNoteIsEmpty) {
  set(job_.id, "outcome = 'retried: callback'");
  ASSERT_TRUE(settle(outcome(Outcome::retried)));
  EXPECT_EQ("retried: callback", column(job_.id, "outcome"));
}

TEST_P(Settle, DoesNotTouchAJobWhoseTokenWasTaken) {
  taken_over();
  const auto before = row(job_.id);
  EXPECT_FALSE(settle(outcome(Outcome::completed)));
  EXPECT_EQ(before, row(job_.id));
}

TEST_P(Settle, DoesNotTouchAJobThatSomebodyElseEnded) {
  set(job_.id, "status = 'complete'");
  const auto before = row(job_.id);
  EXPECT_FALSE(settle(outcome(Outcome::failed)));
  EXPECT_EQ(before, row(job_.id));
}

TEST_P(Settle, DoesNotTouchAJobTwice) {
  ASSERT_TRUE(settle(outcome(Outcome::retried)));
  const auto before = row(job_.id);
  EXPECT_FALSE(settle(outcome(Outcome::completed)));
  EXPECT_EQ(before, row(job_.id));
}

class Batch : public Write {};
AUTOREPLY_ON_EVERY_DATABASE(Batch);

TEST_P(Batch, OfNothingWritesNothing) {
  const Written written = write({}, {});
  EXPECT_THAT(written.recorded, IsEmpty());
  EXPECT_THAT(written.settled, IsEmpty());
}

TEST_P(Batch, RecordsAndSettlesInTheOrderOfTheRequests) {
  const ClaimedJob lost = claim_one(host().job().id);
  const ClaimedJob kept = claim_one(host().job().id);
  set(lost.job.id.value, "claim_token = " + sql_literal(random_uuid()));
  const Written written =
      write({record_request(lost, "lost"), record_request(claimed_, "kept")},
            {settlement(lost, Outcome::completed), settlement(kept, Outcome::completed)});
  ASSERT_EQ(2U, written.recorded.size());
  EXPECT_FALSE(written.recorded[0]);
  ASSERT_TRUE(written.recorded[1]);
  EXPECT_EQ("kept", written.recorded[1]->text);
  EXPECT_THAT(written.settled, ElementsAre(false, true));
}

TEST_P(Batch, IsRefusedWholeForOneBadRow) {
  // What a host's own CHECK may do.
  if (database().is_postgres()) {
    database().execute("alter table ai_response_queue add check (error <> 'bad')");
  } else {
    database().execute(
        "create trigger no_bad before update on ai_response_queue when new.error = 'bad' "
        "begin select raise(abort, 'bad row'); end");
  }
  const ClaimedJob good = claim_one(host().job().id);
  const ClaimedJob bad = claim_one(host().job().id);
  Settlement refused = settlement(bad, Outcome::failed);
  refused.error = "bad";
  const std::vector<RecordRequest> records{record_request(claimed_, "text")};
  const std::vector<Settlement> settlements{settlement(good, Outcome::completed), refused};
  const auto before = row(good.job.id.value);
  const auto written = store().write(records, settlements);
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::refused, written.error().kind) << written.error().message;
  EXPECT_EQ(before, row(good.job.id.value));
  EXPECT_EQ("0", log_count());
  EXPECT_EQ("", column(job_.id, "ai_log_id"));
}

TEST_P(Batch, IsWrittenAfterOneThatWasRefused) {
  database().execute(
      database().is_postgres()
          ? "alter table ai_response_logs add check (response <> 'bad')"
          : "create trigger no_bad before insert on ai_response_logs when new.response = 'bad' "
            "begin select raise(abort, 'bad row'); end");
  const std::vector<RecordRequest> records{record_request(claimed_, "bad")};
  const auto written = store().write(records, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::refused, written.error().kind) << written.error().message;
  EXPECT_TRUE(record(claimed_, "good"));
}

TEST_P(Batch, HoldsAThousandJobs) {
  constexpr int kJobs = 1'000;
  std::string values;
  for (int number = 0; number < kJobs; ++number) {
    values += fmt::format("{}('{}', 'ws-1', '{}', '{}', 'pending', {})",
                          number == 0 ? "" : ", ",
                          random_uuid(),
                          random_uuid(),
                          random_uuid(),
                          database().instant(-10));
  }
  database().execute(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "next_attempt_at) values " +
      values);
  const auto jobs = claim(kJobs);
  ASSERT_EQ(1'000U, jobs.size());
  std::vector<RecordRequest> records;
  std::vector<Settlement> settlements;
  for (const ClaimedJob& job : jobs) {
    records.push_back(record_request(job, kOddText));
    settlements.push_back(settlement(job, Outcome::completed));
  }
  const Written written = write(records, settlements);
  EXPECT_THAT(written.settled, testing::Each(true));
  EXPECT_EQ("1000", log_count());
  EXPECT_EQ("1000",
            database().value("select count(*) from ai_response_queue where status = 'complete'"));
}

}  // namespace
}  // namespace autoreply::test

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/write_test.h"

namespace autoreply::test {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::EndsWith;
using testing::MatchesRegex;
using testing::StartsWith;

class Settle : public WriteTest {
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

TEST_P(Settle, KeepsTheFailuresOfAJob) {
  Settlement failing = outcome(Outcome::retried);
  for (const std::string error : {"step: HTTP 500", "HTTP 500", "HTTP 500"}) {
    failing.error = error;
    ASSERT_TRUE(settle(failing));
    claimed_ = claim_one(job_.id);
    failing = outcome(Outcome::retried);
  }
  ASSERT_TRUE(settle(outcome(Outcome::completed)));
  EXPECT_THAT(column(job_.id, "failures"),
              MatchesRegex("20..-..-..T..:..:...*Z step: HTTP 500\n"
                           "20..-..-..T..:..:...*Z HTTP 500"));
}

TEST_P(Settle, KeepsTheFirstAndTheLastFailuresIfTheyAreMany) {
  set(job_.id, fmt::format("failures = 'the first\n{}'", std::string(3'990, 'x')));
  Settlement failing = outcome(Outcome::retried);
  failing.error = "HTTP 500";
  ASSERT_TRUE(settle(failing));
  const std::string failures = column(job_.id, "failures");
  EXPECT_GT(4'000U, failures.size());
  EXPECT_THAT(failures, StartsWith("the first\nx"));
  EXPECT_THAT(failures, EndsWith("x\n" + failures.substr(failures.rfind('\n') + 1)));
  EXPECT_THAT(failures, EndsWith("Z HTTP 500"));
}

TEST_P(Settle, CountsTheDelayInMilliseconds) {
  start(claimed_);
  ASSERT_TRUE(record(claimed_));
  Settlement retried = outcome(Outcome::retried);
  retried.due = Settlement::Due::after_send;
  retried.delay = std::chrono::milliseconds{1'250};
  ASSERT_TRUE(settle(retried));
  EXPECT_EQ(1.25,
            std::stod(column(job_.id, database().seconds_between("sent_at", "next_attempt_at"))));
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

}  // namespace
}  // namespace autoreply::test

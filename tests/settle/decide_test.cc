#include "settle/decide.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using Kind = AttemptResult::Kind;

const RetryRules kRules{
    .max_attempts = 3, .backoff = {.jitter = 0.0}, .in_doubt_wait = std::chrono::minutes(2)};

ClaimedJob a_job(int attempt = 1) {
  return {.job = {.id = {"job-1"}},
          .token = {"token-1"},
          .attempt = attempt,
          .attempts_before = attempt - 1};
}

ClaimedJob a_job_in_doubt(int attempt = 2) {
  ClaimedJob job = a_job(attempt);
  job.in_doubt = true;
  job.sends = 1;
  return job;
}

/// Everything that the settlement writes, on one line.
std::string rendered(const Settlement& settlement) {
  const char* due = settlement.due == Settlement::Due::unchanged    ? "unchanged"
                    : settlement.due == Settlement::Due::after_send ? "after send"
                                                                    : "after now";
  return fmt::format("{} {} attempts={} note=[{}] error=[{}] due {} {}ms",
                     to_string(settlement.outcome),
                     settlement.status(),
                     settlement.attempts,
                     settlement.note.value_or("-"),
                     settlement.error.value_or("-"),
                     due,
                     settlement.delay.count());
}

std::string decided(const ClaimedJob& job, const AttemptResult& found, bool recorded = false) {
  return rendered(decide(job, found, recorded, kRules, 0.0));
}

TEST(Decide, CompletesWhatWasDelivered) {
  EXPECT_EQ("completed complete attempts=2 note=[completed] error=[-] due unchanged 0ms",
            decided(a_job(2), AttemptResult::delivered(Step::deliver), true));
}

TEST(Decide, SkipsWithTheReasonAndWithoutAnError) {
  EXPECT_EQ("skipped complete attempts=1 note=[skipped: opted out] error=[-] due unchanged 0ms",
            decided(a_job(), AttemptResult::skip(Step::context, "opted out")));
}

TEST(Decide, RetriesAfterTheBackoffOfTheAttempt) {
  EXPECT_EQ(
      "retried pending attempts=1 note=[retried: replied 503] "
      "error=[deliver: replied 503 (attempt 1 of 3)] due after now 5000ms",
      decided(a_job(1), AttemptResult::retry(Step::deliver, "replied 503"), true));
  EXPECT_EQ(
      "retried pending attempts=2 note=[retried: replied 503] "
      "error=[deliver: replied 503 (attempt 2 of 3)] due after now 25000ms",
      decided(a_job(2), AttemptResult::retry(Step::deliver, "replied 503"), true));
}

TEST(Decide, RetriesAfterTheOtherSidesOwnWait) {
  EXPECT_EQ(
      "retried pending attempts=1 note=[retried: busy] error=[deliver: busy (attempt 1 of 3)] "
      "due after now 7000ms",
      decided(a_job(1), AttemptResult::retry(Step::deliver, "busy", milliseconds{7'000})));
}

TEST(Decide, RetriesNoSoonerThanAfterTheBackoff) {
  EXPECT_EQ(
      "retried pending attempts=1 note=[retried: busy] error=[generate: busy (attempt 1 of 3)] "
      "due after now 5000ms",
      decided(a_job(1), AttemptResult::retry(Step::generate, "busy", milliseconds{1})));
}

TEST(Decide, FailsTheLastAttempt) {
  EXPECT_EQ(
      "failed error attempts=3 note=[failed: replied 503] "
      "error=[deliver: replied 503 (attempt 3 of 3)] due unchanged 0ms",
      decided(a_job(3), AttemptResult::retry(Step::deliver, "replied 503"), true));
}

TEST(Decide, FailsARejectedJobAtOnce) {
  EXPECT_EQ(
      "failed error attempts=1 note=[failed: no contact] "
      "error=[context: no contact (attempt 1 of 3)] due unchanged 0ms",
      decided(a_job(1), AttemptResult::reject(Step::context, "no contact")));
}

TEST(Decide, DefersWithoutUsingTheAttempt) {
  EXPECT_EQ(
      "deferred pending attempts=1 note=[deferred: throttled] "
      "error=[generate: throttled (attempt 2 of 3)] due after now 30000ms",
      decided(a_job(2), AttemptResult::defer(Step::generate, "throttled", milliseconds{30'000})));
}

TEST(Decide, DefersTheLastAttemptToo) {
  EXPECT_EQ(Outcome::deferred,
            decide(a_job(3), AttemptResult::defer(Step::generate, "throttled"), false, kRules, 0)
                .outcome);
}

TEST(Decide, NeverDefersByLessThanASecond) {
  const AttemptResult at_once = AttemptResult::defer(Step::generate, "throttled", milliseconds{0});
  EXPECT_EQ(milliseconds{1'000}, decide(a_job(), at_once, false, kRules, 0).delay);
}

TEST(Decide, WaitsAfterTheSendWhenInDoubt) {
  EXPECT_EQ(
      "retried pending attempts=1 note=[retried: in doubt: no answer] "
      "error=[deliver: no answer (attempt 1 of 3)] due after send 120000ms",
      decided(a_job(1), AttemptResult::in_doubt(Step::deliver, "no answer"), true));
}

TEST(Decide, WaitsForTheHostsRecordAfterTheLastAttemptToo) {
  EXPECT_EQ(
      "retried pending attempts=3 note=[retried: in doubt: no answer] "
      "error=[deliver: no answer (attempt 3 of 3)] due after send 120000ms",
      decided(a_job(3), AttemptResult::in_doubt(Step::deliver, "no answer"), true));
}

TEST(Decide, SettlesTheDoubtOfTheAttemptBeforeWithoutUsingAnother) {
  EXPECT_EQ(
      "retried pending attempts=1 note=[retried: in doubt: lease ran out] "
      "error=[deliver: lease ran out (attempt 2 of 3)] due after send 120000ms",
      decided(a_job_in_doubt(2), AttemptResult::in_doubt(Step::deliver, "lease ran out"), false));
}

TEST(Decide, FailsAsDeliveryUnknownWhenTheLastAttemptLeavesAnEarlierDoubt) {
  EXPECT_EQ(
      "failed error attempts=3 note=[failed: delivery unknown] "
      "error=[deliver: replied 503 (attempt 3 of 3)] due unchanged 0ms",
      decided(a_job_in_doubt(3), AttemptResult::retry(Step::deliver, "replied 503"), true));
}

TEST(Decide, KeepsAnEarlierDoubtThroughARefusal) {
  EXPECT_EQ(
      "retried pending attempts=2 note=[retried: in doubt: replied 503] "
      "error=[deliver: replied 503 (attempt 2 of 3)] due after now 25000ms",
      decided(a_job_in_doubt(), AttemptResult::retry(Step::deliver, "replied 503"), true));
}

TEST(Decide, KeepsAJobKeptInDoubtUntilItWasSentOnceMore) {
  ClaimedJob kept = a_job_in_doubt();
  kept.kept_in_doubt = true;
  const std::string begin = "retried: in doubt: " + std::string(kKeptInDoubtReason);
  EXPECT_EQ(begin + "; x",
            decide(kept, AttemptResult::defer(Step::deliver, "x"), false, kRules, 0).note);
  EXPECT_EQ(begin,
            decide(kept,
                   AttemptResult::defer(Step::deliver, std::string(kKeptInDoubtReason)),
                   false,
                   kRules,
                   0)
                .note);
  EXPECT_EQ(begin, decide(kept, AttemptResult::not_started(Step::run), true, kRules, 0).note);
}

TEST(Decide, KeepsADoubtWhenDeferringOrReleasing) {
  EXPECT_EQ(
      "retried: in doubt: x",
      decide(a_job_in_doubt(), AttemptResult::defer(Step::generate, "x"), false, kRules, 0).note);
  EXPECT_FALSE(decide(a_job_in_doubt(), AttemptResult::not_started(Step::run), true, kRules, 0)
                   .note.has_value());
}

TEST(Decide, ReleasesTheJobAsItWasBeforeTheClaim) {
  EXPECT_EQ("released pending attempts=1 note=[-] error=[-] due unchanged 0ms",
            decided(a_job(2), AttemptResult::not_started(Step::run)));
}

TEST(Decide, SaysReleasedWhereTheRecordClearedTheNote) {
  // With a recorded reply, a NULL note would mean that the result of a transmission is unknown.
  EXPECT_EQ("released pending attempts=0 note=[released] error=[-] due unchanged 0ms",
            decided(a_job(1), AttemptResult::not_started(Step::deliver), true));
}

TEST(Decide, WritesErrorsAsOneLineOfAtMostFiveHundredBytes) {
  const std::string reason = "first\nsecond\t" + std::string(1'000, 'x') + "\xC3\xA9";
  const Settlement settlement =
      decide(a_job(), AttemptResult::reject(Step::generate, reason), false, kRules, 0);
  EXPECT_LE(settlement.error->size(), 500U);
  EXPECT_EQ(0U, settlement.error->find("generate: first second x"));
  EXPECT_EQ(std::string::npos, settlement.error->find('\n'));
}

}  // namespace
}  // namespace autoreply

// What people's commands find and change.

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "job/outcome.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr JobChange kRetry{.kind = JobChange::Kind::retry};
constexpr JobChange kCancel{.kind = JobChange::Kind::cancel};

class Inspector : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto opened = open_inspector(database_config());
    ASSERT_TRUE(opened) << opened.error().message;
    inspector_ = std::move(*opened);
  }

  std::vector<std::string> listed(const JobSelection& selection) {
    const auto list = inspector_->list(selection, 100);
    EXPECT_TRUE(list) << list.error().message;
    std::vector<std::string> ids;
    if (!list) return ids;
    EXPECT_EQ(static_cast<std::int64_t>(list->jobs.size()), list->count);
    for (const JobEntry& job : list->jobs) ids.push_back(job.id);
    return ids;
  }

  /// Changes all that it can, and returns how many jobs that were.
  std::int64_t change(const JobSelection& selection, const JobChange& change) {
    const std::string begun_at = inspector_->now(std::chrono::milliseconds{0}).value();
    std::int64_t changed = 0;
    for (;;) {
      const auto some = inspector_->change_some(selection, change, begun_at);
      EXPECT_TRUE(some) << some.error().message;
      if (!some || *some == 0) return changed;
      changed += *some;
    }
  }
  std::int64_t change_job(const std::string& id, const JobChange& how) {
    return change({.filter = {.job_ids = {id}}}, how);
  }

  std::string failed_job(const std::string& outcome = "failed: the provider said no") {
    return host()
        .job({.status = "error",
              .attempts = 3,
              .processed_in = -60,
              .outcome = outcome,
              .error = "generate: HTTP 400 (attempt 3 of 3)"})
        .id;
  }

  /// Records a reply for the job and settles it. Returns the claim.
  ClaimedJob settled_after_record(const HostJob& job,
                                  Outcome outcome,
                                  const std::string& note,
                                  std::optional<int> sends = {}) {
    const ClaimedJob claimed = claim_one(job.id);
    start(claimed);
    EXPECT_TRUE(record(claimed));
    Settlement ended = settlement(claimed, outcome);
    ended.note = note;
    ended.sends = sends;
    EXPECT_TRUE(settle(ended));
    return claimed;
  }

  std::unique_ptr<QueueInspector> inspector_;
};
AUTOREPLY_ON_EVERY_DATABASE(Inspector);

TEST_P(Inspector, ListsTheNewestJobsFirst) {
  const std::string oldest = host().job({.seconds_ago = 300}).id;
  const std::string newest = host().job({.seconds_ago = 100}).id;
  const std::string middle = host().job({.seconds_ago = 200}).id;
  EXPECT_THAT(listed({}), ElementsAre(newest, middle, oldest));
  const auto short_list = inspector_->list({}, 1);
  ASSERT_TRUE(short_list);
  EXPECT_EQ(3, short_list->count);
  ASSERT_EQ(1U, short_list->jobs.size());
  EXPECT_EQ("pending", short_list->jobs.front().status);
  EXPECT_TRUE(short_list->jobs.front().is_due);
  EXPECT_THAT(short_list->jobs.front().created_at, testing::MatchesRegex("20..-..-..T..:..:...*Z"));
}

TEST_P(Inspector, SelectsByEveryFilterTogether) {
  const std::string failed = failed_job();
  const HostJob other = host().job({.workspace_id = "ws-2"});
  host().job({.status = "complete", .outcome = "completed"});
  EXPECT_THAT(listed({.statuses = {"error"}}), ElementsAre(failed));
  EXPECT_THAT(listed({.text = "http 400"}), ElementsAre(failed));
  EXPECT_THAT(listed({.text = "SAID NO"}), ElementsAre(failed));
  EXPECT_THAT(listed({.filter = {.workspace_ids = {"ws-2"}}}), ElementsAre(other.id));
  EXPECT_THAT(listed({.filter = {.contact_ids = {other.contact_id}}}), ElementsAre(other.id));
  EXPECT_THAT(listed({.filter = {.job_ids = {other.id}}, .statuses = {"pending"}}),
              ElementsAre(other.id));
  EXPECT_THAT(listed({.filter = {.job_ids = {other.id}}, .statuses = {"error"}}), IsEmpty());
  EXPECT_THAT(listed({.text = "%"}), IsEmpty()) << "a text is no pattern";
}

TEST_P(Inspector, TellsAllAboutAJob) {
  const HostJob job = host().job({}, "Are you open on Sunday?");
  const ClaimedJob claimed = claim_one(job.id);
  start(claimed);
  ASSERT_TRUE(record(claimed, "We open at 7."));
  const auto story = inspector_->show(job.id);
  ASSERT_TRUE(story) << story.error().message;
  ASSERT_TRUE(*story);
  EXPECT_EQ(job.contact_id, (*story)->job.contact_id);
  EXPECT_TRUE((*story)->job.is_held);
  EXPECT_FALSE((*story)->job.lease_is_over);
  EXPECT_EQ(1, (*story)->job.sends);
  EXPECT_EQ("Are you open on Sunday?", (*story)->message);
  ASSERT_TRUE((*story)->reply);
  EXPECT_EQ("We open at 7.", (*story)->reply->text);
  EXPECT_EQ(log_id_of(claimed), (*story)->reply->id);
  EXPECT_FALSE(inspector_->show("00000000-0000-4000-8000-000000000000").value());
  const auto no_id = inspector_->show("no id");
  ASSERT_TRUE(no_id) << no_id.error().message;
  EXPECT_FALSE(*no_id);
}

TEST_P(Inspector, TellsWhatAJobWaitsFor) {
  const std::string due = host().job().id;
  EXPECT_EQ("run", inspector_->show(due).value()->wait.reason);
  const std::string later = host().job({.outcome = "retried: HTTP 500"}).id;
  const bool is_postgres = database().is_postgres();
  set(later,
      is_postgres ? "next_attempt_at = now() + interval '1 hour'"
                  : "next_attempt_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+1 hour')");
  const JobWait wait = inspector_->show(later).value()->wait;
  EXPECT_EQ("retry", wait.reason);
  EXPECT_EQ("retried: HTTP 500", wait.detail);
  EXPECT_THAT(wait.until, testing::MatchesRegex("20..-..-..T..:..:...*Z"));
  EXPECT_EQ("", inspector_->show(failed_job()).value()->wait.reason);
}

TEST_P(Inspector, CountsWhatIsDue) {
  host().job();
  host().job({.workspace_id = "ws-2"});
  host().job({.status = "complete", .outcome = "completed"});
  host().queue(lapsed_row(1, -200));
  const std::string ended = host().queue(lapsed_row(1, -200));
  set(ended, "status = 'complete'");
  EXPECT_EQ(3, inspector_->count_due({}).value());
  EXPECT_EQ(1, inspector_->count_due({.workspace_ids = {"ws-2"}}).value());
}

TEST_P(Inspector, TellsOfEachFailureOfAJob) {
  const std::string id = failed_job();
  set(id, "failures = 'cut off: xxxxxxxxxxxxxxZ evil'");  // as the oldest line may be
  EXPECT_THAT(inspector_->show(id).value()->failures, IsEmpty());
  set(id, "failures = failures || '\n2026-11-30T10:00:00.000Z generate: HTTP 500'");
  const auto failures = inspector_->show(id).value()->failures;
  ASSERT_EQ(1U, failures.size());
  EXPECT_EQ("2026-11-30T10:00:00.000Z", failures.front().at);
  EXPECT_EQ("generate: HTTP 500", failures.front().error);
}

TEST_P(Inspector, NamesTheJobForWhichAnotherWaits) {
  const HostJob first = host().job();
  const std::string second = host().queue(
      {.contact_id = first.contact_id, .message_id = first.message_id, .seconds_ago = 5});
  EXPECT_EQ(first.id, inspector_->show(second).value().value().elder_entry);
  claim_one(first.id);
  EXPECT_EQ(first.id, inspector_->show(second).value().value().contact_in_flight);
}

TEST_P(Inspector, LeavesAJobThatIsDueItsPlace) {
  const std::string id = host().job({.seconds_ago = 2 * 24 * 3600}).id;
  set(id, "next_attempt_at = created_at");
  const std::string due = column(id, "next_attempt_at");
  EXPECT_EQ(1, change_job(id, kRetry));
  EXPECT_EQ(due, column(id, "next_attempt_at"));
  EXPECT_NEAR(0, seconds_until(id, "retried_at"), 30);
}

TEST_P(Inspector, PutsAFailedJobBackAsIfItWereNew) {
  const std::string id = failed_job();
  set(id, "created_at = " + database().instant(-200'000));
  EXPECT_EQ(1, change_job(id, kRetry));
  EXPECT_EQ("pending", column(id, "status"));
  EXPECT_EQ("0", column(id, "attempts"));
  EXPECT_EQ("", column(id, "error"));
  EXPECT_EQ("", column(id, "processed_at"));
  EXPECT_EQ(std::string(kPutBackNote), column(id, "outcome"));
  EXPECT_NEAR(0, seconds_until(id, "next_attempt_at"), 30);
  const JobContext context = context_of(id);
  EXPECT_LT(context.age, std::chrono::minutes(1)) << "the age is counted anew";
}

TEST_P(Inspector, PutsAJobBackOnce) {
  std::vector<std::string> ids;
  for (int number = 0; number < 3; ++number) ids.push_back(failed_job());
  const JobSelection all{.filter = {.workspace_ids = {"ws-1"}}};
  EXPECT_EQ(3,
            inspector_->count(all, kRetry, inspector_->now(std::chrono::milliseconds{0}).value())
                .value());
  EXPECT_EQ(3, change(all, kRetry));
}

TEST_P(Inspector, FreesJobsThatWait) {
  const std::string waits =
      host().job({.attempts = 2, .next_attempt_in = 3'000, .outcome = "retried: HTTP 500"}).id;
  const std::string fresh = host().job().id;
  EXPECT_EQ(1, change({.statuses = {"pending"}}, kRetry));
  EXPECT_NEAR(0, seconds_until(waits, "next_attempt_at"), 30);
  EXPECT_EQ("", column(fresh, "outcome"));
}

TEST_P(Inspector, LeavesAloneWhatARunHoldsOrHasAnswered) {
  const std::string held = host().job().id;
  claim_one(held);
  const std::string answered = host().job({.status = "complete", .outcome = "completed"}).id;
  const std::string foreign = host().job({.status = "processing"}).id;
  const auto before = row(held);
  for (const JobChange& how : {kRetry, kCancel}) {
    EXPECT_EQ(0, change_job(held, how));
    EXPECT_EQ(0, change_job(answered, how));
    EXPECT_EQ(0, change({.filter = {.workspace_ids = {"ws-1"}}}, how));
  }
  EXPECT_EQ(before, row(held));
  EXPECT_EQ(1, change_job(foreign, kRetry)) << "a stuck job that is named";
  set(held, "lease_until = " + database().instant(-1));
  EXPECT_EQ(1, change_job(held, kRetry)) << "its run is gone";
  EXPECT_EQ(2U, claim().size());
}

TEST_P(Inspector, SendsAReplyOfUnknownDeliveryOnlyIfAsked) {
  const HostJob job = host().job();
  const ClaimedJob claimed =
      settled_after_record(job, Outcome::failed, "failed: delivery unknown: sent 2 times", 2);
  EXPECT_EQ(0, change_job(job.id, kRetry));
  EXPECT_EQ(1, change_job(job.id, {.delivery_unknown = true}));
  const ClaimedJob again = claim_one(job.id);
  EXPECT_TRUE(again.in_doubt) << "the host is asked first";
  EXPECT_TRUE(again.kept_in_doubt) << "it may be sent once more, whatever the limit";
  EXPECT_EQ(1, again.sends);
  EXPECT_EQ(log_id_of(claimed), again.reply_log_id);
}

TEST_P(Inspector, KeepsARecordedReplyUnlessItIsToBeReplaced) {
  const HostJob job = host().job();
  const ClaimedJob claimed = settled_after_record(job, Outcome::failed, "failed: HTTP 400", 0);
  EXPECT_EQ(1, change_job(job.id, kRetry));
  EXPECT_EQ(log_id_of(claimed), column(job.id, "ai_log_id"));
  // A time of the queue has milliseconds, and both retries may fall into one.
  set(job.id, "attempts = 1, retried_at = " + database().instant(-1));
  EXPECT_EQ(1, change_job(job.id, {.regenerate = true}));
  EXPECT_EQ("", column(job.id, "ai_log_id"));
  const ClaimedJob again = claim_one(job.id);
  EXPECT_FALSE(again.reply_log_id);
  EXPECT_FALSE(again.in_doubt);
  EXPECT_EQ(log_id_of(claimed), again.former_log_id);
}

TEST_P(Inspector, KeepsAReplyInDoubtEvenIfItIsToBeReplaced) {
  const HostJob job = host().job();
  settled_after_record(job, Outcome::retried, "retried: in doubt: no answer");
  EXPECT_EQ(0, change_job(job.id, {.regenerate = true}));
  EXPECT_EQ(1, change_job(job.id, kRetry));
  EXPECT_EQ("retried: in doubt: no answer", column(job.id, "outcome"));
  EXPECT_GT(seconds_until(job.id, "next_attempt_at"), 60) << "the host's record needs its time";
  EXPECT_TRUE(claim_one(job.id).in_doubt);
}

TEST_P(Inspector, AsksTheHostAboutAFailedJobThatWasSentBefore) {
  const HostJob job = host().job();
  // Of a second send. The first got no answer.
  settled_after_record(job, Outcome::failed, "failed: HTTP 400");
  ASSERT_EQ("1", column(job.id, "sends"));
  EXPECT_EQ(1, change_job(job.id, kRetry));
  EXPECT_TRUE(claim_one(job.id).in_doubt);
}

TEST_P(Inspector, KeepsTheTokenOfALivingRunWhateverTheStatusSays) {
  const std::string id = host().job().id;
  claim_one(id);
  for (const char* status : {"pending", "error"}) {
    set(id, fmt::format("status = '{}', attempts = 1", status));
    EXPECT_EQ(0, change_job(id, kRetry)) << status;
    EXPECT_NE("", column(id, "claim_token"));
  }
}

TEST_P(Inspector, ChangesNothingThatCameAfterTheQuestion) {
  const JobSelection all{.filter = {.workspace_ids = {"ws-1"}}};
  host().job();
  const std::string begun_at = inspector_->now(std::chrono::milliseconds{0}).value();
  host().job({.seconds_ago = -5});
  EXPECT_EQ(1, inspector_->count(all, kCancel, begun_at).value());
  EXPECT_EQ(1, inspector_->change_some(all, kCancel, begun_at).value());
  EXPECT_EQ(0, inspector_->change_some(all, kCancel, begun_at).value());
}

TEST_P(Inspector, RemembersHowLongTheCustomerHasWaited) {
  const std::string id = failed_job();
  set(id, "created_at = " + database().instant(-10'000));
  ASSERT_EQ(1, change_job(id, kRetry));
  const JobContext context = context_of(id);
  ASSERT_TRUE(context.since_created);
  EXPECT_NEAR(10'000, static_cast<double>(context.since_created->count()) / 1'000, 60);
}

TEST_P(Inspector, CancelsPendingJobs) {
  const std::string waits = host().job({.next_attempt_in = 3'000, .error = "earlier"}).id;
  const std::string due = host().job().id;
  const std::string failed = failed_job();
  EXPECT_EQ(2, change({.filter = {.workspace_ids = {"ws-1"}}}, kCancel));
  for (const std::string& id : {waits, due}) {
    EXPECT_EQ("complete", column(id, "status"));
    EXPECT_EQ("skipped: cancelled", column(id, "outcome"));
    EXPECT_EQ("", column(id, "error"));
    EXPECT_NE("", column(id, "processed_at"));
  }
  EXPECT_EQ("error", column(failed, "status"));
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(Inspector, ExpiresNoJobThatWasJustPutBack) {
  const HostJob job = host().job({.seconds_ago = 200'000, .attempts = 1, .outcome = "deferred: x"});
  ClaimRequest request = claim_request();
  request.max_age = std::chrono::hours(24);
  request.limits.per_minute = 1;
  // With no room left, a claim takes only what has expired.
  host().job({.workspace_id = "ws-0"});
  ASSERT_EQ(1U, claim(claim_request(1)).size());
  ASSERT_EQ(1, change_job(job.id, kRetry));
  EXPECT_THAT(claim(request), IsEmpty());
}

}  // namespace
}  // namespace autoreply::test

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using std::chrono::minutes;
using testing::IsEmpty;

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
    requests.push_back(start_request(jobs[at]));
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

TEST_P(Start, FindsTheMessageWhereverInTimeItsJobIs) {
  const HostJob now = host().job({}, "now");
  const HostJob then = host().job({}, "then");
  for (const char* const time : {"1970-01-01T00:00:00Z",
                                 "1962-11-26T12:00:00Z",
                                 "2400-11-26T12:00:00Z",
                                 "9876-11-26T12:00:00Z"}) {
    set(then.id, fmt::format("created_at = '{}', claim_token = null, status = 'pending'", time));
    set(now.id, "claim_token = null, status = 'pending'");
    ClaimRequest request = claim_request();
    const auto jobs = claim(request);
    ASSERT_EQ(2U, jobs.size()) << time;
    std::vector<StartRequest> requests;
    for (const ClaimedJob& job : jobs) requests.push_back(start_request(job));
    const auto contexts = store().start(requests);
    ASSERT_TRUE(contexts) << contexts.error().message;
    for (std::size_t at = 0; at < 2; ++at) {
      ASSERT_TRUE(contexts->at(at)->original) << time;
      EXPECT_EQ(jobs[at].job.id.value == now.id ? "now" : "then", contexts->at(at)->original->body);
    }
  }
}

}  // namespace
}  // namespace autoreply::test

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

class LapsedLease : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(LapsedLease);

TEST_P(LapsedLease, LeavesAJobAloneWhileItRuns) {
  host().queue({.status = "processing", .claim_token = random_uuid(), .lease_in = 60});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(LapsedLease, CountsTheAttemptOfAJobThatWasStarted) {
  const auto id = host().queue(lapsed_row(1, -200));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().broken_off);
  EXPECT_EQ(1, jobs.front().attempts_before);
  EXPECT_EQ(2, jobs.front().attempt);
  EXPECT_EQ("2", column(id, "attempts"));
  EXPECT_EQ("", column(id, "started_at"));
  EXPECT_THAT(column(id, "failures"), EndsWith("Z lease expired: its run ended first"));
}

TEST_P(LapsedLease, CountsNoAttemptOfAJobThatWasNotStarted) {
  const auto id = host().queue(lapsed_row(1, std::nullopt));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_FALSE(jobs.front().broken_off);
  EXPECT_EQ(0, jobs.front().attempts_before);
  EXPECT_EQ(1, jobs.front().attempt);
  EXPECT_EQ("1", column(id, "attempts"));
}

TEST_P(LapsedLease, ShowsAnExhaustedJobThatIsClaimedOnlyToBeEnded) {
  const auto id = host().queue(lapsed_row(3, -200));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().exhausted);
  EXPECT_EQ(3, jobs.front().attempts_before);
  EXPECT_EQ(3, jobs.front().attempt);
  EXPECT_EQ("3", column(id, "attempts"));
}

TEST_P(LapsedLease, LeavesTheLastAttemptToAJobThatWasNotStarted) {
  host().queue(lapsed_row(3, std::nullopt));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_FALSE(jobs.front().exhausted);
  EXPECT_EQ(3, jobs.front().attempt);
}

TEST_P(LapsedLease, KeepsAttemptsBeyondAMaximumThatWasLowered) {
  const auto id = host().queue({.attempts = 5});
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().exhausted);
  EXPECT_EQ("5", column(id, "attempts"));
}

TEST_P(LapsedLease, LetsItsOwnJobGoBeforeOthersOfTheContact) {
  const auto contact = random_uuid();
  QueueRow held = lapsed_row(1, -200);
  held.contact_id = contact;
  const auto lapsed_id = host().queue(held);
  host().queue({.contact_id = contact, .seconds_ago = 900});
  EXPECT_THAT(ids(claim()), ElementsAre(lapsed_id));
}

TEST_P(LapsedLease, IsSubjectToTheFilter) {
  host().queue(lapsed_row(1, -200));
  ClaimRequest request = claim_request();
  request.filter.workspace_ids = {"another"};
  EXPECT_THAT(claim(request), IsEmpty());
}

}  // namespace
}  // namespace autoreply::test

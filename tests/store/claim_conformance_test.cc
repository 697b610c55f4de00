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
using testing::SizeIs;

class PlainClaim : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(PlainClaim);

TEST_P(PlainClaim, TakesNothingFromAnEmptyQueue) {
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(PlainClaim, TakesTheLongestDueFirst) {
  const auto middle = host().queue({.seconds_ago = 50});
  const auto last = host().queue({.seconds_ago = 90, .next_attempt_in = -10});
  const auto first = host().queue({.seconds_ago = 70});
  EXPECT_THAT(ids(claim()), ElementsAre(first, middle, last));
}

TEST_P(PlainClaim, BreaksATieByCreationAndThenById) {
  const std::string a = "00000000-0000-4000-8000-00000000000a";
  const std::string b = "00000000-0000-4000-8000-00000000000b";
  const std::string c = "00000000-0000-4000-8000-00000000000c";
  for (const auto& id : {b, c, a}) host().queue({.id = id});
  database().execute(fmt::format("update ai_response_queue set next_attempt_at = {0}",
                                 sql_literal("2026-01-01T00:00:02.000Z")));
  for (const auto& [id, created] : {std::pair{a, "2026-01-01T00:00:01.000Z"},
                                    std::pair{b, "2026-01-01T00:00:01.000Z"},
                                    std::pair{c, "2026-01-01T00:00:00.000Z"}}) {
    set(id, "created_at = " + sql_literal(created));
  }
  EXPECT_THAT(ids(claim()), ElementsAre(c, a, b));
}

TEST_P(PlainClaim, LeavesWhatIsNotDueYet) {
  host().queue({.next_attempt_in = 60});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(PlainClaim, LeavesWhatIsFinished) {
  host().queue({.status = "complete"});
  host().queue({.status = "error"});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(PlainClaim, TakesAtMostTheLimit) {
  for (int row = 0; row < 5; ++row) host().queue({.seconds_ago = 100 - row});
  EXPECT_THAT(claim(2), SizeIs(2));
  EXPECT_THAT(claim(100), SizeIs(3));
}

TEST_P(PlainClaim, ReportsTheJobAsItStands) {
  const HostJob job = host().job({.attempts = 1});
  const ClaimRequest request = claim_request();
  const auto jobs = claim(request);
  ASSERT_THAT(jobs, SizeIs(1));
  const ClaimedJob& claimed = jobs.front();
  EXPECT_EQ(job.id, claimed.job.id.value);
  EXPECT_EQ(job.workspace_id, claimed.job.workspace_id);
  EXPECT_EQ(job.contact_id, claimed.job.contact_id);
  EXPECT_EQ(job.message_id, claimed.job.message_id);
  EXPECT_EQ(request.token, claimed.token);
  EXPECT_EQ(2, claimed.attempt);
  EXPECT_EQ(1, claimed.attempts_before);
  EXPECT_EQ(0, claimed.sends);
  EXPECT_EQ(std::nullopt, claimed.reply_log_id);
  EXPECT_FALSE(claimed.in_doubt);
  EXPECT_FALSE(claimed.exhausted);
  EXPECT_FALSE(claimed.broken_off);
}

TEST_P(PlainClaim, WritesStatusAttemptTokenAndLease) {
  const auto id = host().queue({.attempts = 1});
  ClaimRequest request = claim_request();
  request.lease = std::chrono::minutes{10};
  claim(request);
  EXPECT_EQ("processing", column(id, "status"));
  EXPECT_EQ("2", column(id, "attempts"));
  EXPECT_EQ(request.token.value, column(id, "claim_token"));
  EXPECT_EQ("", column(id, "started_at"));
  EXPECT_NEAR(0, seconds_until(id, "claimed_at"), 30);
  EXPECT_NEAR(600, seconds_until(id, "lease_until"), 30);
}

TEST_P(PlainClaim, TakesOneJobOfAContactAndTheLongestDue) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .seconds_ago = 20});
  const auto oldest = host().queue({.contact_id = contact, .seconds_ago = 30});
  host().queue({.contact_id = contact, .seconds_ago = 10});
  EXPECT_THAT(ids(claim()), ElementsAre(oldest));
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(PlainClaim, TakesTheNextJobOfAContactOnceTheFirstIsSettled) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .seconds_ago = 20});
  const auto next = host().queue({.contact_id = contact, .seconds_ago = 10});
  const auto first = claim();
  ASSERT_THAT(first, SizeIs(1));
  ASSERT_TRUE(settle(settlement(first.front(), Outcome::completed)));
  EXPECT_THAT(ids(claim()), ElementsAre(next));
}

TEST_P(PlainClaim, NeverTakesAProcessingRowOfSomebodyElse) {
  host().queue({.status = "processing", .seconds_ago = 90'000});
  host().queue({.status = "processing", .seconds_ago = 90'000, .lease_in = -80'000});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(PlainClaim, IsNotBlockedByAProcessingRowOfSomebodyElse) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .status = "processing", .seconds_ago = 900});
  const auto id = host().queue({.contact_id = contact});
  EXPECT_THAT(ids(claim()), ElementsAre(id));
}

TEST_P(PlainClaim, TakesAJobAgainThatSomebodyPutBackToPending) {
  // A claimed row that is reset by hand keeps its token. It must not block itself or its contact's
  // other jobs for good.
  const auto contact = random_uuid();
  const auto id = host().queue({.contact_id = contact, .seconds_ago = 90});
  host().queue({.contact_id = contact, .seconds_ago = 10});
  ASSERT_THAT(ids(claim()), ElementsAre(id));
  set(id, "status = 'pending'");
  EXPECT_THAT(claim(), IsEmpty()) << "its worker may still be sending";
  set(id, "lease_until = " + database().instant(-1));
  EXPECT_THAT(ids(claim()), ElementsAre(id));
}

TEST_P(PlainClaim, IsNotBlockedByAClaimedJobThatSomebodyElseEnded) {
  const auto contact = random_uuid();
  const auto id = host().queue({.contact_id = contact, .seconds_ago = 90});
  const auto next = host().queue({.contact_id = contact, .seconds_ago = 10});
  ASSERT_THAT(ids(claim()), ElementsAre(id));
  set(id, "status = 'complete', lease_until = " + database().instant(-1));
  EXPECT_THAT(ids(claim()), ElementsAre(next));
  EXPECT_EQ("complete", column(id, "status"));
}

TEST_P(PlainClaim, FiltersByWorkspace) {
  host().queue({.workspace_id = "ws-1"});
  const auto wanted = host().queue({.workspace_id = "ws-2; it's \"odd\" \\ %"});
  ClaimRequest request = claim_request();
  request.filter.workspace_ids = {"ws-2; it's \"odd\" \\ %", "ws-3"};
  EXPECT_THAT(ids(claim(request)), ElementsAre(wanted));
}

TEST_P(PlainClaim, FiltersByContactAndJob) {
  const auto contact = random_uuid();
  const auto wanted = host().queue({.contact_id = contact});
  host().queue({});
  ClaimRequest request = claim_request();
  request.filter.contact_ids = {contact};
  request.filter.job_ids = {random_uuid()};
  EXPECT_THAT(claim(request), IsEmpty());
  request.filter.job_ids = {wanted};
  EXPECT_THAT(ids(claim(request)), ElementsAre(wanted));
}

TEST_P(PlainClaim, FiltersByCreationIncludingTheStartAndExcludingTheEnd) {
  const auto before = host().queue({});
  const auto at_start = host().queue({});
  const auto at_end = host().queue({});
  set(before, "created_at = '2026-11-01T11:59:59Z'");
  set(at_start, "created_at = '2026-11-01T12:00:00Z'");
  set(at_end, "created_at = '2026-11-01T13:00:00Z'");
  ClaimRequest request = claim_request();
  request.filter.created_since = "2026-11-01T12:00:00Z";
  request.filter.created_before = "2026-11-01T14:00:00+01:00";
  EXPECT_THAT(ids(claim(request)), ElementsAre(at_start));
}

}  // namespace
}  // namespace autoreply::test

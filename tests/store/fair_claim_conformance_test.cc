#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* kSqliteUuid =
    "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4000-8000-' || hex(randomblob(6)))";

class FairClaim : public StoreTest {
 protected:
  /// Adds waiting jobs of a workspace, each with its own contact unless one is given. The first is
  /// the longest due.
  void wait(const std::string& workspace,
            int count,
            const std::string& contact = {},
            int seconds_ago = 3'600) {
    const std::string contact_id = !contact.empty()           ? sql_literal(contact)
                                   : database().is_postgres() ? "gen_random_uuid()"
                                                              : kSqliteUuid;
    if (database().is_postgres()) {
      database().execute(fmt::format(
          "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at,"
          " next_attempt_at)"
          " select '{}', {}, gen_random_uuid(), t, t"
          "   from (select now() - interval '{} s' + i * interval '1 ms' as t"
          "           from generate_series(1, {}) i) n",
          workspace,
          contact_id,
          seconds_ago,
          count));
      return;
    }
    database().execute(fmt::format(
        "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at,"
        " next_attempt_at)"
        " with recursive n (i) as (select 1 union all select i + 1 from n where i < {2})"
        " select '{0}', {1}, lower(hex(randomblob(16))), t, t"
        "   from (select strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{3} seconds',"
        "                         (i / 1000.0) || ' seconds') as t from n)",
        workspace,
        contact_id,
        count,
        seconds_ago));
  }

  std::map<std::string, int> by_workspace(const std::vector<ClaimedJob>& jobs) {
    std::map<std::string, int> counts;
    for (const ClaimedJob& job : jobs) ++counts[job.job.workspace_id];
    return counts;
  }
};
AUTOREPLY_ON_EVERY_DATABASE(FairClaim);

TEST_P(FairClaim, ServesEverybodyBesideABacklog) {
  wait("big", 2'000);
  for (int number = 0; number < 40; ++number) wait(fmt::format("small-{}", number), 1);
  const auto jobs = claim(100);
  ASSERT_THAT(jobs, SizeIs(100));
  auto counts = by_workspace(jobs);
  EXPECT_EQ(60, counts["big"]);
  EXPECT_THAT(counts, SizeIs(41));
  // The pool takes them in this order, so no workspace waits for the backlog there either.
  const std::vector<ClaimedJob> first_turn(jobs.begin(), jobs.begin() + 41);
  EXPECT_THAT(by_workspace(first_turn), SizeIs(41));
}

TEST_P(FairClaim, GoesOnWhereTheLastClaimOfAnyRunStopped) {
  for (int number = 0; number < 30; ++number) wait(fmt::format("ws-{}", number), 50);
  std::map<std::string, int> served;
  for (int round = 0; round < 30; ++round) {
    const auto another = open_another_store();
    const auto claim = claim_from(*another, claim_request(7));
    ASSERT_TRUE(claim) << claim.error().message;
    ASSERT_THAT(claim->jobs, SizeIs(7));
    for (const auto& [workspace, count] : by_workspace(claim->jobs)) served[workspace] += count;
  }
  ASSERT_THAT(served, SizeIs(30));
  for (const auto& [workspace, count] : served) EXPECT_EQ(7, count) << workspace;
}

TEST_P(FairClaim, OfAFewMovesNoOthersTurn) {
  for (int number = 1; number <= 3; ++number) wait(fmt::format("ws-{}", number), 5);
  EXPECT_EQ("ws-1", claim(1).front().job.workspace_id);
  ClaimRequest request = claim_request(1);
  request.filter.workspace_ids = {"ws-3"};
  EXPECT_EQ("ws-3", claim(request).front().job.workspace_id);
  EXPECT_EQ("ws-2", claim(1).front().job.workspace_id);
}

TEST_P(FairClaim, IsHinderedByNoContactWithAHundredThousandJobs) {
  const std::string busy = random_uuid();
  wait("ws-1", database().is_postgres() ? 100'000 : 20'000, busy);
  wait("ws-1", 3, {}, 600);
  wait("ws-2", 3);
  const auto first = claim(100);
  EXPECT_THAT(by_workspace(first),
              UnorderedElementsAre(testing::Pair("ws-1", 4), testing::Pair("ws-2", 3)));
  // With that contact in flight and nothing else left, nothing is claimed. New jobs are.
  EXPECT_THAT(claim(100), IsEmpty());
  wait("ws-1", 2, {}, 600);
  EXPECT_THAT(claim(100), SizeIs(2));
}

TEST_P(FairClaim, FillsItsPlacesFromBehindABusyContact) {
  wait("ws-1", 5'000, random_uuid());
  wait("ws-1", 60, {}, 600);
  wait("ws-2", 3);
  EXPECT_THAT(by_workspace(claim(50)),
              UnorderedElementsAre(testing::Pair("ws-1", 47), testing::Pair("ws-2", 3)));
}

TEST_P(FairClaim, TakesLeasesThatRanOutInTheTurnOfTheirWorkspace) {
  const auto lapsed = host().queue({.workspace_id = "ws-3",
                                    .status = "processing",
                                    .seconds_ago = 300,
                                    .claim_token = random_uuid(),
                                    .lease_in = -5});
  wait("ws-1", 3);
  wait("ws-2", 3);
  EXPECT_THAT(ids(claim(3)), Contains(lapsed));
}

TEST_P(FairClaim, FindsWhatAFilterNamesAnywhere) {
  wait("big", 500);
  const auto wanted = host().queue({.workspace_id = "big", .seconds_ago = 1});
  ClaimRequest request = claim_request(10);
  request.filter.job_ids = {wanted};
  EXPECT_THAT(ids(claim(request)), UnorderedElementsAre(wanted));
}

TEST_P(FairClaim, TakesNoTwoOfAContactThatTwoWorkspacesName) {
  const std::string contact = random_uuid();
  wait("ws-1", 2, contact);
  wait("ws-2", 2, contact);
  EXPECT_THAT(claim(10), SizeIs(1));
}

class Coalesce : public FairClaim {
 protected:
  std::vector<ClaimedJob> claim_newest() {
    ClaimRequest request = claim_request();
    request.coalesce = true;
    return claim(request);
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Coalesce);

TEST_P(Coalesce, TakesTheNewestDueJobOfAContact) {
  const std::string contact = random_uuid();
  host().queue({.contact_id = contact, .seconds_ago = 50});
  const auto newest = host().queue({.contact_id = contact, .seconds_ago = 10});
  host().queue({.contact_id = contact, .seconds_ago = 5, .next_attempt_in = 60});
  EXPECT_THAT(ids(claim_newest()), UnorderedElementsAre(newest));
}

TEST_P(Coalesce, EndsTheOlderJobsThatTheReplyAnswers) {
  const HostJob newest = host().job({.seconds_ago = 10});
  const auto entry = [&](int seconds_ago, const std::string& message, const std::string& contact) {
    return host().queue({.contact_id = contact, .message_id = message, .seconds_ago = seconds_ago});
  };
  const std::string message = random_uuid();
  const std::string later_message = random_uuid();
  const auto older = entry(20, message, newest.contact_id);
  const auto unseen = entry(30, random_uuid(), newest.contact_id);
  const auto later = entry(5, later_message, newest.contact_id);
  const auto elsewhere = entry(20, message, random_uuid());
  const ClaimedJob job = claim_one(newest.id);
  Settlement settlement = StoreTest::settlement(job, Outcome::completed);
  settlement.answered = {message, later_message};
  ASSERT_TRUE(settle(settlement));
  EXPECT_EQ("complete", column(older, "status"));
  EXPECT_EQ("skipped: superseded", column(older, "outcome"));
  EXPECT_NE("", column(older, "processed_at"));
  for (const auto& left : {unseen, later, elsewhere}) EXPECT_EQ("pending", column(left, "status"));
}

TEST_P(Coalesce, EndsNothingUnderATokenThatNoLongerHolds) {
  const HostJob newest = host().job({.seconds_ago = 10});
  const std::string message = random_uuid();
  const auto older =
      host().queue({.contact_id = newest.contact_id, .message_id = message, .seconds_ago = 20});
  ClaimedJob job = claim_one(newest.id);
  job.token = {random_uuid()};
  Settlement settlement = StoreTest::settlement(job, Outcome::completed);
  settlement.answered = {message};
  EXPECT_FALSE(settle(settlement));
  EXPECT_EQ("pending", column(older, "status"));
}

}  // namespace
}  // namespace autoreply::test

#include <numeric>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Claim : public StoreTest {
 protected:
  /// A row that a claim took whose lease then ran out.
  QueueRow lapsed(int attempts, std::optional<int> started_in) {
    return {.status = "processing",
            .seconds_ago = 300,
            .attempts = attempts,
            .claim_token = random_uuid(),
            .lease_in = -5,
            .started_in = started_in};
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Claim);

TEST_P(Claim, TakesNothingFromAnEmptyQueue) { EXPECT_THAT(claim(), IsEmpty()); }

TEST_P(Claim, TakesTheLongestDueFirst) {
  const auto middle = host().queue({.seconds_ago = 50});
  const auto last = host().queue({.seconds_ago = 90, .next_attempt_in = -10});
  const auto first = host().queue({.seconds_ago = 70});
  EXPECT_THAT(ids(claim()), ElementsAre(first, middle, last));
}

TEST_P(Claim, BreaksATieByCreationAndThenById) {
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

TEST_P(Claim, LeavesWhatIsNotDueYet) {
  host().queue({.next_attempt_in = 60});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(Claim, LeavesWhatIsFinished) {
  host().queue({.status = "complete"});
  host().queue({.status = "error"});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(Claim, TakesAtMostTheLimit) {
  for (int row = 0; row < 5; ++row) host().queue({.seconds_ago = 100 - row});
  EXPECT_THAT(claim(2), SizeIs(2));
  EXPECT_THAT(claim(100), SizeIs(3));
}

TEST_P(Claim, ReportsTheJobAsItStands) {
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
  EXPECT_FALSE(claimed.lease_expired);
}

TEST_P(Claim, WritesStatusAttemptTokenAndLease) {
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

TEST_P(Claim, TakesOneJobOfAContactAndTheLongestDue) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .seconds_ago = 20});
  const auto oldest = host().queue({.contact_id = contact, .seconds_ago = 30});
  host().queue({.contact_id = contact, .seconds_ago = 10});
  EXPECT_THAT(ids(claim()), ElementsAre(oldest));
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(Claim, TakesTheNextJobOfAContactOnceTheFirstIsSettled) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .seconds_ago = 20});
  const auto next = host().queue({.contact_id = contact, .seconds_ago = 10});
  const auto first = claim();
  ASSERT_THAT(first, SizeIs(1));
  ASSERT_TRUE(settle(settlement(first.front(), Outcome::completed)));
  EXPECT_THAT(ids(claim()), ElementsAre(next));
}

TEST_P(Claim, LeavesAContactAloneWhoseLeaseRanOutButTakesThatJob) {
  const auto contact = random_uuid();
  QueueRow held = lapsed(1, -200);
  held.contact_id = contact;
  const auto lapsed_id = host().queue(held);
  host().queue({.contact_id = contact, .seconds_ago = 900});
  EXPECT_THAT(ids(claim()), ElementsAre(lapsed_id));
}

TEST_P(Claim, NeverTakesAProcessingRowOfSomebodyElse) {
  host().queue({.status = "processing", .seconds_ago = 90'000});
  host().queue({.status = "processing", .seconds_ago = 90'000, .lease_in = -80'000});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(Claim, IsNotBlockedByAProcessingRowOfSomebodyElse) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .status = "processing", .seconds_ago = 900});
  const auto id = host().queue({.contact_id = contact});
  EXPECT_THAT(ids(claim()), ElementsAre(id));
}

TEST_P(Claim, ReadsMissingAttemptsAsZero) {
  if (database().is_postgres()) {
    database().execute("alter table ai_response_queue alter column attempts drop not null");
  }
  const auto id = host().queue({.attempts = std::nullopt});
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_EQ(1, jobs.front().attempt);
  EXPECT_EQ(0, jobs.front().attempts_before);
  EXPECT_EQ("1", column(id, "attempts"));
}

TEST_P(Claim, LeavesAJobWhoseLeaseStillRuns) {
  host().queue({.status = "processing", .claim_token = random_uuid(), .lease_in = 60});
  EXPECT_THAT(claim(), IsEmpty());
}

TEST_P(Claim, CountsTheAttemptOfALapsedJobThatWasStarted) {
  const auto id = host().queue(lapsed(1, -200));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().lease_expired);
  EXPECT_EQ(1, jobs.front().attempts_before);
  EXPECT_EQ(2, jobs.front().attempt);
  EXPECT_EQ("2", column(id, "attempts"));
  EXPECT_EQ("", column(id, "started_at"));
}

TEST_P(Claim, CountsNoAttemptOfALapsedJobThatWasNotStarted) {
  const auto id = host().queue(lapsed(1, std::nullopt));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().lease_expired);
  EXPECT_EQ(0, jobs.front().attempts_before);
  EXPECT_EQ(1, jobs.front().attempt);
  EXPECT_EQ("1", column(id, "attempts"));
}

TEST_P(Claim, TakesAnExhaustedJobOnlyToEndIt) {
  const auto id = host().queue(lapsed(3, -200));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().exhausted);
  EXPECT_EQ(3, jobs.front().attempts_before);
  EXPECT_EQ(3, jobs.front().attempt);
  EXPECT_EQ("3", column(id, "attempts"));
}

TEST_P(Claim, LeavesTheLastAttemptToALapsedJobThatWasNotStarted) {
  host().queue(lapsed(3, std::nullopt));
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_FALSE(jobs.front().exhausted);
  EXPECT_EQ(3, jobs.front().attempt);
}

TEST_P(Claim, KeepsAttemptsBeyondAMaximumThatWasLowered) {
  const auto id = host().queue({.attempts = 5});
  const auto jobs = claim();
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().exhausted);
  EXPECT_EQ("5", column(id, "attempts"));
}

TEST_P(Claim, FiltersByWorkspace) {
  host().queue({.workspace_id = "ws-1"});
  const auto wanted = host().queue({.workspace_id = "ws-2; it's \"odd\" \\ %"});
  ClaimRequest request = claim_request();
  request.filter.workspace_ids = {"ws-2; it's \"odd\" \\ %", "ws-3"};
  EXPECT_THAT(ids(claim(request)), ElementsAre(wanted));
}

TEST_P(Claim, FiltersByContactAndJob) {
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

TEST_P(Claim, FiltersByCreationIncludingTheStartAndExcludingTheEnd) {
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

TEST_P(Claim, FiltersLapsedJobsToo) {
  host().queue(lapsed(1, -200));
  ClaimRequest request = claim_request();
  request.filter.workspace_ids = {"another"};
  EXPECT_THAT(claim(request), IsEmpty());
}

TEST_P(Claim, ReachesOthersBehindAContactWithThousandsOfDueJobs) {
  constexpr int kHotRows = 3'000;
  const auto hot = random_uuid();
  std::string values;
  for (int row = 0; row < kHotRows; ++row) {
    values += fmt::format("{}('{}', 'ws-1', '{}', '{}', 'pending', {}, {})",
                          row == 0 ? "" : ", ",
                          random_uuid(),
                          hot,
                          random_uuid(),
                          database().instant(-9'000 + row),
                          database().instant(-9'000 + row));
  }
  database().execute(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, created_at, "
      "next_attempt_at) values " +
      values);
  const auto first = host().queue({.seconds_ago = 20});
  const auto second = host().queue({.seconds_ago = 10});
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(3));
  EXPECT_EQ(hot, jobs[0].job.contact_id);
  EXPECT_EQ(first, jobs[1].job.id.value);
  EXPECT_EQ(second, jobs[2].job.id.value);
}

TEST_P(Claim, OfTwoTokensNeverOverlaps) {
  for (int row = 0; row < 10; ++row) host().queue({});
  const auto first = claim(6);
  const auto second = claim(6);
  EXPECT_THAT(first, SizeIs(6));
  EXPECT_THAT(second, SizeIs(4));
  std::set<std::string> seen;
  for (const auto& id : ids(first)) seen.insert(id);
  for (const auto& id : ids(second)) EXPECT_TRUE(seen.insert(id).second) << id;
}

TEST_P(Claim, OfManyThreadsAtOnceNeverOverlapsAndTakesEverything) {
  constexpr int kThreads = 8;
  constexpr int kContacts = 40;
  for (int contact = 0; contact < kContacts; ++contact) {
    const auto contact_id = random_uuid();
    host().queue({.contact_id = contact_id, .seconds_ago = 100});
    host().queue({.contact_id = contact_id, .seconds_ago = 50});
  }
  std::vector<std::vector<ClaimedJob>> taken(kThreads);
  std::vector<std::string> errors(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t number = 0; number < kThreads; ++number) {
      threads.emplace_back([&, number] {
        const auto own_store = open_another_store();
        for (;;) {
          auto jobs = own_store->claim(claim_request(3));
          if (!jobs && jobs.error().kind == ErrorKind::busy) continue;
          if (!jobs) errors[number] = jobs.error().message;
          if (!jobs || jobs->empty()) return;
          taken[number].insert(taken[number].end(), jobs->begin(), jobs->end());
        }
      });
    }
  }
  std::set<std::string> jobs_seen;
  std::set<std::string> contacts_seen;
  for (std::size_t number = 0; number < kThreads; ++number) {
    EXPECT_EQ("", errors[number]);
    for (const ClaimedJob& job : taken[number]) {
      EXPECT_TRUE(jobs_seen.insert(job.job.id.value).second) << "claimed twice";
      EXPECT_TRUE(contacts_seen.insert(job.job.contact_id).second) << "contact twice in flight";
      EXPECT_EQ(job.token.value, column(job.job.id.value, "claim_token"));
    }
  }
  EXPECT_THAT(contacts_seen, SizeIs(kContacts));
}

TEST_P(Claim, OfALapsedJobByManyThreadsHasOneWinner) {
  constexpr int kThreads = 8;
  host().queue(lapsed(1, -200));
  std::vector<std::size_t> taken(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t number = 0; number < kThreads; ++number) {
      threads.emplace_back([&, number] {
        const auto own_store = open_another_store();
        auto jobs = own_store->claim(claim_request());
        taken[number] = jobs ? jobs->size() : 100;
      });
    }
  }
  EXPECT_EQ(1U, std::accumulate(taken.begin(), taken.end(), std::size_t{0}));
}

TEST_P(Claim, RefusesOneJobOfAContactByTheIndexToo) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .status = "processing", .claim_token = random_uuid()});
  EXPECT_THROW(host().queue({.contact_id = contact,
                             .status = "processing",
                             .claim_token = random_uuid()}),
               std::runtime_error);
}

class InDoubt : public StoreTest {
 protected:
  ClaimedJob claim_with(int sends, const std::optional<std::string>& outcome) {
    const auto id = host().queue({.attempts = 1, .outcome = outcome});
    set(id, fmt::format("ai_log_id = {}, sends = {}", sql_literal(random_uuid()), sends));
    return claim_one(id);
  }
};
AUTOREPLY_ON_EVERY_DATABASE(InDoubt);

TEST_P(InDoubt, IsAJobThatWasSentAndNeverSettled) {
  const ClaimedJob job = claim_with(1, std::nullopt);
  EXPECT_TRUE(job.in_doubt);
  EXPECT_EQ(1, job.sends);
  EXPECT_TRUE(job.reply_log_id.has_value());
}

TEST_P(InDoubt, IsAJobThatWasSettledSo) {
  EXPECT_TRUE(claim_with(2, "retried: in doubt").in_doubt);
  EXPECT_TRUE(claim_with(2, "retried: in doubt (no answer)").in_doubt);
}

TEST_P(InDoubt, IsNoJobThatTheHostRefused) {
  EXPECT_FALSE(claim_with(1, "retried: callback").in_doubt);
  EXPECT_FALSE(claim_with(1, "deferred: callback down").in_doubt);
}

TEST_P(InDoubt, IsNoJobThatWasNeverSent) {
  EXPECT_FALSE(claim_with(0, std::nullopt).in_doubt);
  EXPECT_FALSE(claim_one(host().queue({})).in_doubt);
}

class CountDue : public StoreTest {
 protected:
  int count(const JobFilter& filter = {}) {
    const auto counted = store().count_due(filter);
    if (!counted) ADD_FAILURE() << counted.error().message;
    return counted.value_or(-1);
  }
};
AUTOREPLY_ON_EVERY_DATABASE(CountDue);

TEST_P(CountDue, CountsPendingAndLapsedJobsOnly) {
  EXPECT_EQ(0, count());
  host().queue({});
  host().queue({.next_attempt_in = 60});
  host().queue({.status = "complete"});
  host().queue({.status = "processing"});
  host().queue({.status = "processing", .claim_token = random_uuid(), .lease_in = -1});
  host().queue({.status = "processing", .claim_token = random_uuid(), .lease_in = 60});
  EXPECT_EQ(2, count());
}

TEST_P(CountDue, Filters) {
  host().queue({.workspace_id = "ws-1"});
  host().queue({.workspace_id = "ws-2"});
  JobFilter filter;
  filter.workspace_ids = {"ws-2"};
  EXPECT_EQ(1, count(filter));
}

TEST_P(CountDue, StopsAtAThousand) {
  constexpr int kRows = 1'100;
  std::string values;
  for (int row = 0; row < kRows; ++row) {
    values += fmt::format("{}('{}', 'ws-1', '{}', '{}', 'pending', {})",
                          row == 0 ? "" : ", ",
                          random_uuid(),
                          random_uuid(),
                          random_uuid(),
                          database().instant(-10));
  }
  database().execute(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "next_attempt_at) values " +
      values);
  EXPECT_EQ(1'000, count());
}

}  // namespace
}  // namespace autoreply::test

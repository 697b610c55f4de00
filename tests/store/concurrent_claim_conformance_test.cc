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

using testing::SizeIs;

class ConcurrentClaim : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(ConcurrentClaim);

TEST_P(ConcurrentClaim, OfTwoTokensNeverOverlaps) {
  for (int row = 0; row < 10; ++row) host().queue({});
  const auto first = claim(6);
  const auto second = claim(6);
  EXPECT_THAT(first, SizeIs(6));
  EXPECT_THAT(second, SizeIs(4));
  std::set<std::string> seen;
  for (const auto& id : ids(first)) seen.insert(id);
  for (const auto& id : ids(second)) EXPECT_TRUE(seen.insert(id).second) << id;
}

TEST_P(ConcurrentClaim, OfManyThreadsAtOnceNeverOverlapsAndTakesEverything) {
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
          auto claim = claim_from(*own_store, claim_request(3));
          if (!claim && claim.error().kind == ErrorKind::busy) continue;
          if (!claim) errors[number] = claim.error().message;
          if (!claim || claim->jobs.empty()) return;
          taken[number].insert(taken[number].end(), claim->jobs.begin(), claim->jobs.end());
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

TEST_P(ConcurrentClaim, OfALapsedJobByManyThreadsHasOneWinner) {
  constexpr int kThreads = 8;
  host().queue(lapsed_row(1, -200));
  std::vector<std::size_t> taken(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t number = 0; number < kThreads; ++number) {
      threads.emplace_back([&, number] {
        const auto own_store = open_another_store();
        auto claim = claim_from(*own_store, claim_request());
        taken[number] = claim ? claim->jobs.size() : 100;
      });
    }
  }
  EXPECT_EQ(1U, std::accumulate(taken.begin(), taken.end(), std::size_t{0}));
}

TEST_P(ConcurrentClaim, RefusesOneJobOfAContactByTheIndexToo) {
  const auto contact = random_uuid();
  host().queue({.contact_id = contact, .status = "processing", .claim_token = random_uuid()});
  EXPECT_THROW(
      host().queue({.contact_id = contact, .status = "processing", .claim_token = random_uuid()}),
      std::runtime_error);
}

TEST_P(ConcurrentClaim, ReachesOthersBehindAContactWithThousandsOfDueJobs) {
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
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
      "created_at, "
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

}  // namespace
}  // namespace autoreply::test

#include "claim/lease_keeper.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>

#include "support/store_test.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::SizeIs;

/// Keeps real leases in a real database.
class LeaseKeeping : public StoreTest {
 protected:
  StoreOpener opener() {
    return [this]() -> Result<std::unique_ptr<JobStore>> { return open_another_store(); };
  }

  /// Whether the job's lease moves on from `from` within a generous bound.
  bool moves(const std::string& job_id, const std::string& from) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(20);
    while (column(job_id, "lease_until") == from) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
  }

  ClaimRequest short_claim(milliseconds lease) {
    ClaimRequest request = claim_request();
    request.lease = lease;
    return request;
  }

  Log log_{LogLevel::off, LogFormat::text, "run"};
};
AUTOREPLY_ON_EVERY_DATABASE(LeaseKeeping);

TEST_P(LeaseKeeping, RenewsTheLeasesOfAllJobsUntilTheyAreLetGo) {
  const auto first = host().job();
  const auto second = host().job();
  const milliseconds lease{1'500};
  LeaseKeeper keeper(opener(), lease, log_);
  const auto since = BootClock::now();
  const auto jobs = claim(short_claim(lease));
  ASSERT_THAT(jobs, SizeIs(2));
  keeper.hold(jobs, since);
  for (int renewal = 0; renewal < 3; ++renewal) {
    const std::string before = column(first.id, "lease_until");
    ASSERT_TRUE(moves(first.id, before)) << renewal;
  }
  EXPECT_GT(keeper.time_left({{second.id}, jobs[1].token}).count(), 0);

  keeper.let_go({{second.id}, jobs[1].token});
  EXPECT_EQ(0, keeper.time_left({{second.id}, jobs[1].token}).count());
  keeper.let_go({{first.id}, {"of an earlier claim"}});
  ASSERT_TRUE(moves(first.id, column(first.id, "lease_until")));
  const std::string left_alone = column(second.id, "lease_until");
  ASSERT_TRUE(moves(first.id, column(first.id, "lease_until")));
  EXPECT_EQ(left_alone, column(second.id, "lease_until"));
}

TEST_P(LeaseKeeping, RenewsTheOthersWhereTheDatabaseRefusesOneRow) {
  const auto fine = host().job();
  const auto culprit = host().job();
  const milliseconds lease{1'500};
  const auto since = BootClock::now();
  const auto jobs = claim(short_claim(lease));
  ASSERT_THAT(jobs, SizeIs(2));
  database().execute(
      database().is_postgres()
          ? "create function refuse() returns trigger language plpgsql as "
            "$$ begin raise exception 'not this one'; end $$;"
            "create trigger refuse before update on ai_response_queue for each row when (new.id = "
            "'" +
                culprit.id + "') execute function refuse()"
          : "create trigger refuse before update on ai_response_queue when new.id = '" +
                culprit.id + "' begin select raise(abort, 'not this one'); end");
  LeaseKeeper keeper(opener(), lease, log_);
  const std::string left_alone = column(culprit.id, "lease_until");
  keeper.hold(jobs, since);
  ASSERT_TRUE(moves(fine.id, column(fine.id, "lease_until")));
  ASSERT_TRUE(moves(fine.id, column(fine.id, "lease_until")));
  EXPECT_EQ(left_alone, column(culprit.id, "lease_until"));
}

TEST_P(LeaseKeeping, NeverKnowsALeaseToLastLongerThanTheDatabaseDoes) {
  const auto job = host().job();
  LeaseKeeper keeper(opener(), seconds(60), log_);
  const auto since = BootClock::now();
  const auto jobs = claim(short_claim(seconds(60)));
  ASSERT_THAT(jobs, SizeIs(1));
  keeper.hold(jobs, since - seconds(20));
  const HeldJob held{{job.id}, jobs[0].token};
  const auto left_in_database = std::chrono::duration<double>(seconds_until(job.id, "lease_until"));
  EXPECT_LE(keeper.time_left(held), left_in_database);
  EXPECT_LE(keeper.time_left(held), seconds(40));
  EXPECT_GT(keeper.time_left(held), seconds(10));

  keeper.note_renewal(held, since);
  EXPECT_GT(keeper.time_left(held), seconds(40));
  keeper.note_renewal(held, since - seconds(30));
  EXPECT_GT(keeper.time_left(held), seconds(40)) << "a late answer takes nothing away";
}

TEST_P(LeaseKeeping, KnowsALeaseThatRanOut) {
  const auto job = host().job();
  LeaseKeeper keeper(opener(), seconds(60), log_);
  const auto jobs = claim(short_claim(seconds(60)));
  ASSERT_THAT(jobs, SizeIs(1));
  keeper.hold(jobs, BootClock::now() - seconds(61));
  const HeldJob held{{job.id}, jobs[0].token};
  EXPECT_LT(keeper.time_left(held).count(), 0);
  EXPECT_EQ(0, keeper.time_left({{job.id}, {"of an earlier claim"}}).count())
      << "a job that was claimed anew must not be sent by its first worker";
}

TEST_P(LeaseKeeping, OpensNoStoreWithoutAJob) {
  std::atomic<int> opened{0};
  {
    LeaseKeeper keeper(
        [&]() -> Result<std::unique_ptr<JobStore>> {
          ++opened;
          return open_another_store();
        },
        milliseconds(3),
        log_);
    keeper.hold({}, BootClock::now());
  }
  EXPECT_EQ(0, opened);
}

}  // namespace
}  // namespace autoreply::test

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/postgres_connection.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

class Renew : public StoreTest {
 protected:
  std::vector<bool> renew(const std::vector<ClaimedJob>& jobs) {
    std::vector<HeldJob> held;
    for (const ClaimedJob& job : jobs) held.push_back({job.job.id, job.token});
    const auto renewed = store().renew(held, minutes{10});
    EXPECT_TRUE(renewed) << renewed.error().message;
    return renewed.value_or(std::vector<bool>{});
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Renew);

TEST_P(Renew, LengthensTheLeasesOfHeldJobsAndTouchesNothingElse) {
  const auto first = host().job();
  const auto second = host().job();
  const auto jobs = claim();
  EXPECT_THAT(renew(jobs), ElementsAre(true, true));
  for (const auto& id : {first.id, second.id}) {
    EXPECT_NEAR(600, seconds_until(id, "lease_until"), 30);
    EXPECT_EQ("processing", column(id, "status"));
    EXPECT_EQ("", column(id, "started_at"));
  }
}

TEST_P(Renew, LeavesAloneWhatTheTokenNoLongerHolds) {
  const auto taken = host().job();
  const auto settled = host().job();
  const auto kept = host().job();
  const ClaimedJob lost = claim_one(taken.id);
  set(taken.id, "lease_until = " + database().instant(-1));
  const ClaimedJob holder = claim_one(taken.id);
  const ClaimedJob done = claim_one(settled.id);
  ASSERT_TRUE(settle(settlement(done, Outcome::completed)));
  const auto rows_before = std::vector{row(taken.id), row(settled.id)};
  EXPECT_THAT(renew({lost, claim_one(kept.id), done}), ElementsAre(false, true, false));
  EXPECT_EQ(rows_before, (std::vector{row(taken.id), row(settled.id)}));
}

TEST_P(Renew, HoldsOnToALeaseThatRanOutWhileNobodyTookTheJob) {
  const auto job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  set(job.id, "lease_until = " + database().instant(-60));
  EXPECT_THAT(renew({claimed}), ElementsAre(true));
  EXPECT_THAT(claim(), IsEmpty());
}

class RenewOnPostgres : public Renew {};
AUTOREPLY_ON_POSTGRES(RenewOnPostgres);

TEST_P(RenewOnPostgres, DoesNotWaitForARowThatTheHostHasLocked) {
  const auto locked = host().job();
  const auto free = host().job();
  const std::vector<ClaimedJob> jobs{claim_one(locked.id), claim_one(free.id)};
  PostgresConnection host_session(database().url());
  host_session.run("begin; select 1 from ai_response_queue where id = " + sql_literal(locked.id) +
                   " for update");
  EXPECT_THAT(renew(jobs), ElementsAre(false, true));
  host_session.run("rollback");
}

}  // namespace
}  // namespace autoreply::test

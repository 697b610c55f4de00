// What workspaces with a daily budget have spent.

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/time_zone.h"
#include "store/restricted_role_fixture.h"
#include "store/write_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The date in UTC.
std::string today(int days_later = 0) {
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now() + std::chrono::hours(24 * days_later));
  return TimeZone().iso_date(now);
}

Settlement spends(Settlement settlement, const std::string& day, const Spending& spending) {
  settlement.spent = NewSpending{.workspace_id = "ws-1", .of_day = {day, spending}};
  return settlement;
}

class SpendingInStore : public WriteTest {
 protected:
  ClaimedJob another_job() { return claim_one(host().job().id); }

  std::vector<std::string> spent() {
    std::vector<std::string> days;
    for (const auto& row : database().rows("select workspace_id, day, tokens, nanodollars from "
                                           "autoreply_spending order by 1, 2")) {
      days.push_back(fmt::format("{} {} {} {}", row[0], row[1], row[2], row[3]));
    }
    return days;
  }

  void add_spending(const std::string& workspace, const std::string& day, int tokens) {
    database().execute(
        fmt::format("insert into autoreply_spending (workspace_id, day, tokens, nanodollars) "
                    "values ('{}', '{}', {}, 7)",
                    workspace,
                    day,
                    tokens));
  }
};
AUTOREPLY_ON_EVERY_DATABASE(SpendingInStore);

TEST_P(SpendingInStore, AddsUpOverSettlementsWhateverBecameOfTheJobs) {
  const ClaimedJob second = another_job();
  const ClaimedJob third = another_job();
  const Written written =
      write({},
            {spends(settlement(claimed_, Outcome::completed), today(), {100, 5'000'000'000}),
             spends(settlement(second, Outcome::failed), today(), {20, 30}),
             settlement(third, Outcome::completed)});
  EXPECT_THAT(written.settled, ElementsAre(IsDone(), IsDone(), IsDone()));
  EXPECT_THAT(spent(), ElementsAre(fmt::format("ws-1 {} 120 5000000030", today())));
  ASSERT_TRUE(settle(spends(settlement(another_job(), Outcome::retried), today(), {3, 0})));
  ASSERT_TRUE(settle(spends(settlement(another_job(), Outcome::retried), today(1), {4, 1})));
  EXPECT_THAT(spent(),
              ElementsAre(fmt::format("ws-1 {} 123 5000000030", today()),
                          fmt::format("ws-1 {} 4 1", today(1))));
}

TEST_P(SpendingInStore, CountsNothingTwice) {
  const Settlement completed =
      spends(settlement(claimed_, Outcome::completed), today(), {.tokens = 100});
  ASSERT_TRUE(settle(completed));
  settle(completed);
  EXPECT_THAT(spent(), ElementsAre(fmt::format("ws-1 {} 100 0", today())));
}

TEST_P(SpendingInStore, LeavesOutAJobThatAnotherClaimHasTaken) {
  taken_over();
  EXPECT_FALSE(settle(spends(settlement(claimed_, Outcome::completed), today(), {.tokens = 9})));
  EXPECT_THAT(spent(), IsEmpty());
}

TEST_P(SpendingInStore, IsToldAtTheStartOfAJob) {
  add_spending("ws-1", today(-2), 1);
  add_spending("ws-1", today(-1), 2);
  add_spending("ws-1", today(), 3);
  add_spending("ws-2", today(), 4);
  const auto context = start(claimed_);
  ASSERT_TRUE(context);
  ASSERT_THAT(context->spent, SizeIs(2));
  EXPECT_EQ(today(-1), context->spent.front().day);
  EXPECT_EQ((Spending{3, 7}), context->spent.back().spending);
}

TEST_P(SpendingInStore, KeepsJobsOverTheBudgetUnclaimed) {
  database().execute("alter table workspace_ai_config add column daily_budget text");
  database().execute("alter table workspace_ai_config add column timezone text");
  for (const char* workspace : {"ws-2", "ws-3", "ws-4"}) {
    host().config({.workspace_id = workspace});
    host().queue({.workspace_id = workspace});
    add_spending(workspace, today(), 5'000);
  }
  database().execute(
      "update workspace_ai_config set daily_budget = '5k' where workspace_id = 'ws-3';"
      "update workspace_ai_config set daily_budget = 'some' where workspace_id = 'ws-4'");
  const auto other = open_another_store();
  ClaimRequest request = claim_request();
  request.limits.daily_budget.tokens = 6'000;
  const auto waiting = waiting_in(*other, request);
  ASSERT_TRUE(waiting) << waiting.error().message;
  EXPECT_EQ(1, waiting->throttled);
  const auto claim = claim_from(*other, request);
  ASSERT_TRUE(claim) << claim.error().message;
  std::vector<std::string> workspaces;
  for (const ClaimedJob& job : claim->jobs) workspaces.push_back(job.job.workspace_id);
  EXPECT_THAT(workspaces, testing::UnorderedElementsAre("ws-2", "ws-4"));
}

TEST_P(SpendingInStore, IsForgottenAfterTwoMonths) {
  add_spending("ws-1", today(-62), 1);
  add_spending("ws-1", today(-59), 2);
  ASSERT_TRUE(store().drop_stale_rows());
  EXPECT_THAT(spent(), ElementsAre(fmt::format("ws-1 {} 2 7", today(-59))));
}

class SpendingRights : public RestrictedRole {};
AUTOREPLY_ON_POSTGRES(SpendingRights);

TEST_P(SpendingRights, ComeWithThoseOnTheTablesThatWereThereBefore) {
  database().execute(
      "drop table autoreply_spending; update autoreply_schema set revision = 1 where version = 4");
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_TRUE(restricted()->check_host());
  const ClaimedJob job = claim_one(host().job().id);
  const auto written = restricted()->write(
      {}, std::vector{spends(settlement(job, Outcome::completed), today(), {.tokens = 5})});
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ("5", database().value("select tokens from autoreply_spending"));
  EXPECT_TRUE(restricted()->drop_stale_rows());
}

}  // namespace
}  // namespace autoreply::test

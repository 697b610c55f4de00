#include <fmt/format.h>
#include <gmock/gmock.h>

#include "store/queue_inspector.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class ReportOfPeriod : public StoreTest {
 protected:
  PeriodReport report(const std::vector<std::string>& workspaces = {}) {
    auto found = (*open_inspector(database_config()))->report("2026-01-01T00:00:00Z", workspaces);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(PeriodReport{});
  }

  /// A job that ended `seconds` after its creation.
  void ended(const std::string& outcome,
             int seconds,
             const std::string& day = "2026-02-01",
             const std::string& workspace = "ws-1") {
    const bool failed = outcome.starts_with("failed");
    const std::string id = host()
                               .job({.workspace_id = workspace,
                                     .status = failed ? "error" : "complete",
                                     .attempts = failed ? 3 : 1,
                                     .outcome = outcome})
                               .id;
    const std::string end = fmt::format("{}T10:{:02}:{:02}.000Z", day, seconds / 60, seconds % 60);
    set(id,
        fmt::format(
            "created_at = '{}T10:00:00.000Z', sent_at = '{}', processed_at = '{}'", day, end, end));
  }
};
AUTOREPLY_ON_EVERY_DATABASE(ReportOfPeriod);

TEST_P(ReportOfPeriod, CountsWhatEndedAndHowFast) {
  for (const int seconds : {1, 2, 3, 4, 100}) ended("completed", seconds);
  ended("skipped: opted out", 5);
  ended("failed: HTTP 400", 5);
  ended("failed: HTTP 400", 5, "2026-02-02", "ws-2");
  ended("completed", 7, "2025-12-31");
  const PeriodReport all = report();
  ASSERT_THAT(all.days, SizeIs(2));
  EXPECT_EQ("2026-02-01", all.days[0].day);
  EXPECT_EQ(5, all.days[0].completed);
  EXPECT_EQ(1, all.days[0].skipped);
  EXPECT_EQ(1, all.days[0].failed);
  EXPECT_NEAR(3, all.days[0].median_s.value_or(0), 0.01);
  EXPECT_NEAR(100, all.days[0].p95_s.value_or(0), 0.01);
  EXPECT_FALSE(all.days[1].median_s);
  EXPECT_NEAR(3, all.median_s.value_or(0), 0.01);
  ASSERT_THAT(all.failures, SizeIs(1));
  EXPECT_EQ("failed: HTTP 400", all.failures[0].what);
  EXPECT_EQ(2, all.failures[0].jobs);
  ASSERT_THAT(all.attempts, SizeIs(2));
  EXPECT_EQ("3", all.attempts[1].what);
  EXPECT_EQ(2, all.attempts[1].jobs);
  EXPECT_THAT(report({"ws-2"}).days, SizeIs(1));
}

TEST_P(ReportOfPeriod, AddsUpTokensRunsAndTheBacklog) {
  host().job({.seconds_ago = 90});
  ASSERT_TRUE(record(claim().at(0)));
  database().execute(
      "update ai_response_logs set provider = 'openai', model = 'm', tokens_used = 30, cost = "
      "0.25");
  ASSERT_TRUE(store().begin_run("{}", std::chrono::minutes(1)));
  ASSERT_TRUE(store().end_run({.summary_json = R"({"claimed": 4})"}));
  ASSERT_TRUE(store().look());
  host().job({.seconds_ago = 90});
  const PeriodReport found = report();
  ASSERT_THAT(found.models, SizeIs(1));
  EXPECT_EQ("ws-1", found.models[0].workspace_id);
  EXPECT_EQ(30, found.models[0].tokens);
  EXPECT_EQ("0.25", found.models[0].cost);
  ASSERT_THAT(found.runs, SizeIs(1));
  EXPECT_EQ(1, found.runs[0].runs) << "idle runs do not count";
  EXPECT_EQ(1, found.runs[0].ended_well);
  EXPECT_EQ(4, found.runs[0].claimed);
  EXPECT_EQ(1, found.due);
  EXPECT_NEAR(90, found.oldest_due_s.value_or(0), 30);
}

TEST_P(ReportOfPeriod, OfAnEmptyQueueIsEmpty) {
  const PeriodReport empty = report();
  EXPECT_THAT(empty.days, IsEmpty());
  EXPECT_THAT(empty.models, IsEmpty());
  EXPECT_FALSE(empty.median_s);
  EXPECT_FALSE(empty.oldest_due_s);
}

}  // namespace
}  // namespace autoreply::test

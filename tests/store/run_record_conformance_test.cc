// What runs leave in the database about themselves.

#include <array>

#include <gmock/gmock.h>

#include "base/uuid.h"
#include "store/queue_inspector.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using testing::SizeIs;

constexpr const char* kNoRun = "00000000-0000-0000-0000-000000000000";

class RunRecord : public StoreTest {
 protected:
  std::vector<RunEntry> runs() {
    const auto status = (*open_inspector(database_config()))->status({});
    EXPECT_TRUE(status) << status.error().message;
    return status ? status->runs : std::vector<RunEntry>{};
  }
};
AUTOREPLY_ON_EVERY_DATABASE(RunRecord);

TEST_P(RunRecord, TellsHowARunWent) {
  ASSERT_TRUE(store().begin_run(R"({"limit":"7"})", std::chrono::minutes(2)));
  ASSERT_TRUE(store().begin_run(R"({"limit":"8"})", std::chrono::minutes(9)));
  ASSERT_THAT(runs(), SizeIs(1));
  EXPECT_EQ("", runs().front().ended_at);
  EXPECT_FALSE(runs().front().has_died);

  const RunEnd end{
      .duration = milliseconds(1'234), .exit_status = 75, .summary_json = R"({"claimed": 3})"};
  ASSERT_TRUE(store().end_run(end));
  ASSERT_TRUE(store().end_run(
      {.duration = milliseconds(1), .exit_status = 0, .summary_json = R"({"claimed": 0})"}));
  const std::vector<RunEntry> found = runs();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ("it's a host", found.front().host);
  EXPECT_EQ(75, found.front().exit_status);
  EXPECT_EQ(3, found.front().claimed);
  EXPECT_NE("", found.front().started_at);
  EXPECT_NE("", found.front().ended_at);
  EXPECT_EQ("1234", database().value("select duration_ms from autoreply_runs"));
  EXPECT_THAT(database().value("select options from autoreply_runs"), testing::HasSubstr("7"));
}

TEST_P(RunRecord, ShowsThatARunHasDied) {
  ASSERT_TRUE(store().begin_run("{}", milliseconds(0)));
  ASSERT_THAT(runs(), SizeIs(1));
  EXPECT_TRUE(runs().front().has_died);

  host().job();
  const ClaimedJob job = claim().at(0);
  const std::array held{HeldJob{job.job.id, job.token}};
  ASSERT_TRUE(store().renew(held, std::chrono::minutes(2)));
  EXPECT_FALSE(runs().front().has_died) << "a renewal is a sign of life";
}

TEST_P(RunRecord, FoldsIdleRunsIntoOneRow) {
  ASSERT_TRUE(store().look());
  ASSERT_TRUE(open_another_store()->look());
  EXPECT_EQ(kNoRun, database().value("select run_id from autoreply_runs"));
  const std::string first = database().value("select finished_at from autoreply_runs");
  database().execute(database().kind() == DatabaseKind::sqlite
                         ? "update autoreply_runs set finished_at = '2026-01-01T00:00:00.000Z'"
                         : "update autoreply_runs set finished_at = '2026-01-01 00:00:00+00'");
  ASSERT_TRUE(store().look());
  EXPECT_EQ("1", database().value("select count(*) from autoreply_runs"));
  EXPECT_GE(database().value("select finished_at from autoreply_runs"), first);
  EXPECT_THAT(runs(), SizeIs(0));
  const auto status = (*open_inspector(database_config()))->status({});
  ASSERT_TRUE(status && status->last_look);
  EXPECT_EQ("it's a host", status->last_look->host);
}

TEST_P(RunRecord, IsDroppedAfterAMonth) {
  ASSERT_TRUE(store().end_run({.summary_json = "{}"}));
  ASSERT_TRUE(store().drop_stale_rows());
  EXPECT_EQ("1", database().value("select count(*) from autoreply_runs"));
  database().execute(database().kind() == DatabaseKind::sqlite
                         ? "update autoreply_runs set finished_at = '2026-01-01T00:00:00.000Z'"
                         : "update autoreply_runs set finished_at = '2026-01-01 00:00:00+00'");
  ASSERT_TRUE(store().drop_stale_rows());
  EXPECT_EQ("0", database().value("select count(*) from autoreply_runs"));
}

}  // namespace
}  // namespace autoreply::test

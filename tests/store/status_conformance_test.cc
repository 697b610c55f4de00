// What `status` tells of the queue.

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Status : public StoreTest {
 protected:
  QueueStatus status(const std::vector<std::string>& workspaces = {}) {
    auto inspector = open_inspector(database_config());
    EXPECT_TRUE(inspector) << inspector.error().message;
    auto found = (*inspector)->status(workspaces);
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(QueueStatus{});
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Status);

TEST_P(Status, OfAnEmptyQueueIsEmpty) {
  const QueueStatus empty = status();
  EXPECT_EQ(0, empty.pending + empty.due + empty.in_flight + empty.lapsed + empty.foreign);
  EXPECT_FALSE(empty.oldest_due);
  EXPECT_FALSE(empty.last_look);
  EXPECT_THAT(empty.runs, IsEmpty());
  EXPECT_THAT(empty.waiting, IsEmpty());
  EXPECT_THAT(empty.breakers, IsEmpty());
}

TEST_P(Status, CountsWhatIsNotFinished) {
  host().job({.seconds_ago = 500});
  host().job({.workspace_id = "ws-2", .seconds_ago = 100});
  for (int number = 0; number < 2; ++number) {
    host().job({.next_attempt_in = 600, .outcome = "deferred: quiet hours until 08:00 (UTC)"});
  }
  host().job({.next_attempt_in = 60, .outcome = "retried: HTTP 500"});
  host().job({.status = "processing"});
  host().queue(lapsed_row(1, -100));
  const std::string held = host().job().id;
  claim_one(held);
  const QueueStatus all = status();
  EXPECT_EQ(5, all.pending);
  EXPECT_EQ(2, all.due);
  ASSERT_TRUE(all.oldest_due);
  EXPECT_NEAR(500, static_cast<double>(all.oldest_due->count()) / 1'000, 30);
  EXPECT_EQ(1, all.in_flight);
  EXPECT_EQ(1, all.lapsed);
  EXPECT_EQ(1, all.foreign);
  ASSERT_THAT(all.waiting, SizeIs(2));
  EXPECT_EQ("deferred: quiet hours until 08:00 (UTC)", all.waiting.front().detail);
  EXPECT_EQ(2, all.waiting.front().jobs);
  EXPECT_THAT(all.waiting.front().until, testing::EndsWith("Z"));

  const QueueStatus one = status({"ws-2"});
  EXPECT_EQ(1, one.due);
  EXPECT_EQ(0, one.in_flight + one.foreign);
}

TEST_P(Status, GroupsTheFailuresOfADay) {
  const auto fail_job = [this](const std::string& outcome, int seconds_ago) {
    host().job({.status = "error",
                .processed_in = -seconds_ago,
                .outcome = outcome,
                .error = "generate: it failed (attempt 3 of 3)"});
  };
  fail_job("failed: HTTP 400", 60);
  fail_job("failed: HTTP 400", 80'000);
  fail_job("failed: content filter", 60);
  fail_job("failed: content filter", 90'000);
  const QueueStatus found = status();
  EXPECT_EQ(3, found.failed);
  ASSERT_THAT(found.causes, SizeIs(2));
  EXPECT_EQ("failed: HTTP 400", found.causes.front().cause);
  EXPECT_EQ(2, found.causes.front().jobs);
}

TEST_P(Status, NamesOpenBreakersAndTheLastRun) {
  const Peer peer{"callback:1", "the callback"};
  ASSERT_TRUE(store().update_breakers({.peers = {peer}, .workspaces = {}},
                                      [&](const LockedBreakers& locked) {
                                        Breaker open;
                                        open.opened_at = locked.now;
                                        open.changed_at = locked.now;
                                        open.probe_at = locked.now + 60'000;
                                        open.scope = Scope::the_operator;
                                        open.reason = "HTTP 401";
                                        return std::vector{NamedBreaker{peer, open}};
                                      }));
  ASSERT_TRUE(store().end_run(
      {.duration = std::chrono::milliseconds(5), .exit_status = 78, .summary_json = "{}"}));
  const QueueStatus found = status();
  ASSERT_THAT(found.breakers, SizeIs(1));
  EXPECT_EQ("callback:1", found.breakers.front().name);
  EXPECT_EQ("HTTP 401", found.breakers.front().reason);
  EXPECT_NE("", found.breakers.front().since);
  EXPECT_GT(found.breakers.front().until, found.breakers.front().since);
  ASSERT_THAT(found.runs, SizeIs(1));
  EXPECT_EQ(78, found.runs.front().exit_status);
  EXPECT_EQ("it's a host", found.runs.front().host);
  EXPECT_NEAR(0, static_cast<double>(found.runs.front().since.count()) / 1'000, 30);
}

}  // namespace
}  // namespace autoreply::test

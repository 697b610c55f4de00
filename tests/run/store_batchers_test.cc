#include "run/store_batchers.h"

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_store.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using Operation = FakeDatabase::Operation;

class StoreBatchersTest : public testing::Test {
 protected:
  HeldJob held_job() {
    FakeQueue::Row& row = database_.queue.add("ws");
    row.claimed = true;
    row.token = {"token"};
    return {{row.id}, row.token};
  }

  static Settlement settlement(const HeldJob& job) {
    return {.id = job.id, .token = job.token, .outcome = Outcome::completed};
  }

  /// Settles and waits for the results.
  static Results<void> settle(StoreBatchers& batchers, const std::vector<Settlement>& settlements) {
    std::vector<std::promise<Result<void>>> promises(settlements.size());
    std::vector<StoreBatchers::ToSettle> jobs;
    for (std::size_t at = 0; at < settlements.size(); ++at) {
      jobs.push_back({settlements[at], [&, at](Result<void> written) {
                        promises[at].set_value(std::move(written));
                      }});
    }
    batchers.settle_if_held(std::move(jobs));
    Results<void> results;
    for (auto& promise : promises) results.push_back(promise.get_future().get());
    return results;
  }

  FakeDatabase database_;
};

TEST_F(StoreBatchersTest, OpenNoStoreBeforeItIsNeeded) {
  StoreBatchers batchers(database_.opener());
  EXPECT_EQ(0, database_.stores_opened);
  const HeldJob job = held_job();
  EXPECT_TRUE(Loop().run(batchers.start({.held = job})));
  EXPECT_EQ(1, database_.stores_opened);
}

TEST_F(StoreBatchersTest, SettleTheOthersOfABatchThatTheDatabaseRefuses) {
  StoreBatchers batchers(database_.opener());
  const std::vector<HeldJob> jobs{held_job(), held_job(), held_job(), held_job()};
  std::vector<Settlement> settlements;
  for (const HeldJob& job : jobs) settlements.push_back(settlement(job));
  // The database refuses the whole batch, its first half, and the first job.
  database_.fail_next(Operation::write, ErrorKind::refused, 3);
  const auto results = settle(batchers, settlements);
  std::vector<bool> done;
  for (const auto& result : results) done.push_back(result.has_value());
  EXPECT_THAT(done, ElementsAre(false, true, true, true));
}

TEST_F(StoreBatchersTest, TryAgainWhatALockKeptFromBeingWritten) {
  StoreBatchers batchers(database_.opener());
  database_.fail_next(Operation::write, ErrorKind::busy, 2);
  EXPECT_TRUE(settle(batchers, {settlement(held_job())}).front());
}

TEST_F(StoreBatchersTest, TryNothingAgainOnALostDatabase) {
  StoreBatchers batchers(database_.opener());
  database_.fail_next(Operation::write, ErrorKind::unavailable, 1);
  const auto results = settle(batchers, {settlement(held_job()), settlement(held_job())});
  for (const auto& result : results) {
    ASSERT_FALSE(result);
    EXPECT_EQ(ErrorKind::unavailable, result.error().kind);
  }
}

TEST_F(StoreBatchersTest, TellOfTablesThatFitNoMore) {
  std::string told;
  StoreBatchers batchers(database_.opener(), [&](const Error& error) { told = error.message; });
  database_.fail_next(Operation::start, ErrorKind::misconfigured);
  EXPECT_FALSE(Loop().run(batchers.start({.held = held_job()})));
  EXPECT_NE("", told);
}

TEST_F(StoreBatchersTest, TellALostTokenApartFromAFailure) {
  StoreBatchers batchers(database_.opener());
  HeldJob job = held_job();
  job.token = {"of an earlier claim"};
  const auto started = Loop().run(batchers.start({.held = job}));
  ASSERT_FALSE(started);
  EXPECT_EQ(ErrorKind::token_lost, started.error().kind);
  EXPECT_EQ(ErrorKind::token_lost, settle(batchers, {settlement(job)}).front().error().kind);
}

TEST_F(StoreBatchersTest, MakeAFailureOfAnExceptionAndGoOn) {
  bool throws = true;
  database_.before = [&](Operation) {
    if (std::exchange(throws, false)) throw std::runtime_error("a defect");
  };
  StoreBatchers batchers(database_.opener());
  const HeldJob job = held_job();
  const auto failed = Loop().run(batchers.start({.held = job}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(ErrorKind::internal, failed.error().kind);
  EXPECT_TRUE(Loop().run(batchers.start({.held = job})));
}

}  // namespace
}  // namespace autoreply::test

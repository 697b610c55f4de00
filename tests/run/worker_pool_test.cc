#include "run/worker_pool.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <latch>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

std::vector<ClaimedJob> jobs(int count) {
  std::vector<ClaimedJob> jobs;
  for (int number = 0; number < count; ++number)
    jobs.push_back({.job = {.id = {std::to_string(number)}}});
  return jobs;
}

bool nothing_left(const PoolLoad& load) {
  return load.unstarted + load.running == 0;
}

/// Makes workers whose jobs are settled as soon as they have ended.
std::function<WorkerPool::Worker()> settling(WorkerPool& pool,
                                             std::function<WorkerPool::Worker()> make_worker) {
  return [&pool, make_worker = std::move(make_worker)]() -> WorkerPool::Worker {
    return [&pool, worker = make_worker()](const ClaimedJob& job) {
      const CallEnd end = worker(job);
      pool.note_settled();
      return end;
    };
  };
}

TEST(WorkerPool, DoesEveryJobOnce) {
  std::mutex mutex;
  std::multiset<std::string> done;
  std::stop_source stopping;
  WorkerPool pool(4,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob& job) -> CallEnd {
                               const std::scoped_lock lock(mutex);
                               done.insert(job.job.id.value);
                               return CallEnd::answered;
                             };
                           }),
                  stopping.get_token());
  pool.add(jobs(500));
  const PoolLoad load = pool.wait(nothing_left);
  EXPECT_EQ(500U, load.finished);
  EXPECT_EQ(500U, done.size());
  EXPECT_EQ(500U, std::set<std::string>(done.begin(), done.end()).size());
}

TEST(WorkerPool, MakesNoMoreThreadsThanThereAreJobsOrThanItMay) {
  std::atomic<int> workers{0};
  std::stop_source stopping;
  const auto make_worker = [&workers] {
    ++workers;
    return [](const ClaimedJob&) { return CallEnd::answered; };
  };
  {
    WorkerPool pool(8, settling(pool, make_worker), stopping.get_token());
    pool.add(jobs(2));
    pool.wait(nothing_left);
  }
  EXPECT_LE(workers, 2);
  workers = 0;
  {
    WorkerPool pool(3, settling(pool, make_worker), stopping.get_token());
    pool.add(jobs(100));
    pool.wait(nothing_left);
  }
  EXPECT_LE(workers, 3);
}

TEST(WorkerPool, StartsNothingMoreOnceStoppingIsRequested) {
  std::latch both_running(2);
  std::latch go_on(1);
  std::stop_source stopping;
  WorkerPool pool(2,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob&) {
                               both_running.count_down();
                               go_on.wait();
                               return CallEnd::answered;
                             };
                           }),
                  stopping.get_token());
  pool.add(jobs(10));
  both_running.wait();
  stopping.request_stop();
  go_on.count_down();
  pool.wait([](const PoolLoad& load) { return load.running == 0; });
  EXPECT_EQ(8U, pool.take_unstarted().size());
  EXPECT_EQ(2U, pool.load().finished);
}

TEST(WorkerPool, RunsJobsThatWereBrokenOffOneAtATime) {
  std::atomic<int> suspects_running{0};
  std::atomic<int> suspects_together{0};
  std::latch others_done(20);
  std::stop_source stopping;
  WorkerPool pool(4,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob& job) -> CallEnd {
                               if (!job.broken_off) {
                                 others_done.count_down();
                                 return CallEnd::none;
                               }
                               // The first suspect runs until all other jobs are done, so it must
                               // not keep them waiting.
                               if (++suspects_running > 1) ++suspects_together;
                               others_done.wait();
                               --suspects_running;
                               return CallEnd::none;
                             };
                           }),
                  stopping.get_token());
  std::vector<ClaimedJob> mixed = jobs(20);
  std::vector<ClaimedJob> broken_off = jobs(10);
  for (ClaimedJob& job : broken_off) job.broken_off = true;
  mixed.insert(mixed.begin(), broken_off.begin(), broken_off.end());
  pool.add(std::move(mixed));
  EXPECT_EQ(30U, pool.wait(nothing_left).finished);
  EXPECT_EQ(0, suspects_together);
}

TEST(WorkerPool, EndsExhaustedJobsWithoutWaitingForEachOther) {
  std::latch both_running(2);
  std::stop_source stopping;
  WorkerPool pool(2,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob&) {
                               both_running.arrive_and_wait();
                               return CallEnd::none;
                             };
                           }),
                  stopping.get_token());
  std::vector<ClaimedJob> exhausted = jobs(2);
  for (ClaimedJob& job : exhausted) job.broken_off = job.exhausted = true;
  pool.add(std::move(exhausted));
  EXPECT_EQ(2U, pool.wait(nothing_left).finished);
}

TEST(WorkerPool, WakesAWaitThatLooksAtTheStop) {
  std::latch running(1);
  std::latch go_on(1);
  std::stop_source stopping;
  WorkerPool pool(1,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob&) {
                               running.count_down();
                               go_on.wait();
                               return CallEnd::answered;
                             };
                           }),
                  stopping.get_token());
  pool.add(jobs(1));
  running.wait();
  std::jthread stopper([&] { stopping.request_stop(); });
  pool.wait([&](const PoolLoad&) { return stopping.stop_requested(); });
  go_on.count_down();
}

TEST(WorkerPool, HasAsManyJobsInFlightAsThreads) {
  constexpr int kThreads = 8;
  std::latch all_running(kThreads);
  std::stop_source stopping;
  WorkerPool pool(kThreads,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob&) {
                               all_running.arrive_and_wait();
                               return CallEnd::answered;
                             };
                           }),
                  stopping.get_token());
  std::vector<ClaimedJob> of_one_provider = jobs(kThreads);
  for (ClaimedJob& job : of_one_provider) job.provider_address = "slow";
  pool.add(std::move(of_one_provider));
  EXPECT_EQ(8U, pool.wait(nothing_left).finished);
}

// One answer makes room for all jobs of the lane at once. Nothing else wakes their threads.
TEST(WorkerPool, WakesAsManyThreadsAsAnAnswerMakesRoomFor) {
  constexpr int kThreads = 8;
  std::atomic<int> calls{0};
  std::latch all_running(kThreads);
  std::stop_source stopping;
  WorkerPool pool(kThreads,
                  settling(pool,
                           [&] {
                             return [&](const ClaimedJob&) {
                               const int call = ++calls;
                               if (call == 1) return CallEnd::failed;
                               if (call > 2) all_running.arrive_and_wait();
                               return CallEnd::answered;
                             };
                           }),
                  stopping.get_token());
  for (const int count : {1, 1 + kThreads}) {
    std::vector<ClaimedJob> of_one_provider = jobs(count);
    for (ClaimedJob& job : of_one_provider) job.provider_address = "mended";
    pool.add(std::move(of_one_provider));
    pool.wait(nothing_left);
    // A failure that the queue hears of only now would be newer than the answer to come.
    while (pool.load().in_workers > 0) std::this_thread::yield();
  }
  EXPECT_EQ(10U, pool.load().finished);
}

TEST(WorkerPool, GoesOnWhileAsManyJobsAsThreadsAreUnsettled) {
  std::counting_semaphore<8> ended(0);
  std::stop_source stopping;
  WorkerPool pool(
      2,
      [&ended] {
        return [&ended](const ClaimedJob&) {
          ended.release();
          return CallEnd::answered;
        };
      },
      stopping.get_token());
  pool.add(jobs(6));
  for (int job = 0; job < 4; ++job) ended.acquire();
  EXPECT_FALSE(ended.try_acquire_for(std::chrono::milliseconds{50}));
  EXPECT_EQ(4U, pool.load().running);
  EXPECT_EQ(0U, pool.load().finished);
  pool.note_settled();
  ended.acquire();
  EXPECT_FALSE(ended.try_acquire_for(std::chrono::milliseconds{50}));
  stopping.request_stop();
  EXPECT_EQ(1U, pool.take_unstarted().size());
  for (int left = 4; left > 0; --left) pool.note_settled();
  EXPECT_EQ(5U, pool.wait(nothing_left).finished);
}

}  // namespace
}  // namespace autoreply

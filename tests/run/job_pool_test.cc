#include "run/job_pool.h"

#include <atomic>
#include <chrono>
#include <coroutine>
#include <functional>
#include <latch>
#include <mutex>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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

/// Suspends jobs until so many have come, or until it is opened.
class Gate final {
 public:
  explicit Gate(std::size_t opens_at) : opens_at_(opens_at) {}

  void open() {
    const std::scoped_lock lock(mutex_);
    opens_at_ = 0;
    resume_all();
  }

  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> job) {
    const std::scoped_lock lock(mutex_);
    suspended_.emplace_back(&Loop::current(), job);
    ++come_;
    if (come_ >= opens_at_) resume_all();
  }
  void await_resume() {}

 private:
  void resume_all() {
    for (const auto& [loop, job] : std::exchange(suspended_, {})) loop->resume(job);
  }

  std::mutex mutex_;
  std::size_t opens_at_;
  std::size_t come_ = 0;
  std::vector<std::pair<Loop*, std::coroutine_handle<>>> suspended_;
};

/// The tests run with one thread and with several.
class JobPoolTest : public testing::TestWithParam<std::size_t> {
 protected:
  using Attempt = std::function<Task<CallEnd>(const ClaimedJob&)>;

  /// The pool's jobs are settled as soon as they have ended.
  void make_pool(std::size_t in_flight, Attempt attempt) {
    attempt_ = std::move(attempt);
    pool_.emplace(
        PoolSize{.jobs = in_flight, .threads = GetParam()},
        [this](Loop&) -> JobPool::Attempt {
          ++loops_;
          return [this](const ClaimedJob& job) { return settled(job); };
        },
        stopping_.get_token(),
        watch_);
    made_ = &*pool_;
  }

  Task<CallEnd> settled(const ClaimedJob& job) {
    const CallEnd end = co_await attempt_(job);
    made_->note_settled();
    co_return end;
  }

  std::atomic<std::size_t> loops_{0};
  std::stop_source stopping_;
  LoopWatch watch_;
  Attempt attempt_;
  JobPool* made_ = nullptr;      ///< the pool, also while it goes
  std::optional<JobPool> pool_;  // last: its loops use all of the above
};

Task<CallEnd> ended(CallEnd end) {
  co_return end;
}

Task<CallEnd> behind(Gate& gate) {
  co_await gate;
  co_return CallEnd::answered;
}

TEST_P(JobPoolTest, DoesEveryJobOnce) {
  std::mutex mutex;
  std::multiset<std::string> done;
  make_pool(4, [&](const ClaimedJob& job) {
    const std::scoped_lock lock(mutex);
    done.insert(job.job.id.value);
    return ended(CallEnd::answered);
  });
  pool_->add(jobs(500));
  const PoolLoad load = pool_->wait(nothing_left);
  EXPECT_EQ(500U, load.finished);
  EXPECT_EQ(500U, done.size());
  EXPECT_EQ(500U, std::set<std::string>(done.begin(), done.end()).size());
}

TEST_P(JobPoolTest, MakesNoMoreLoopsThanThereAreJobsOrThanItMay) {
  make_pool(8, [](const ClaimedJob&) { return ended(CallEnd::answered); });
  pool_->add({});
  EXPECT_EQ(0U, loops_);
  pool_->add(jobs(2));
  pool_->wait(nothing_left);
  EXPECT_LE(loops_, 2U);
  pool_->add(jobs(100));
  pool_->wait(nothing_left);
  EXPECT_LE(loops_, GetParam());
}

TEST_P(JobPoolTest, StartsNothingMoreOnceStoppingIsRequested) {
  std::latch both_running(2);
  Gate gate(100);
  make_pool(2, [&](const ClaimedJob&) {
    both_running.count_down();
    return behind(gate);
  });
  pool_->add(jobs(10));
  both_running.wait();
  stopping_.request_stop();
  gate.open();
  pool_->wait([](const PoolLoad& load) { return load.running == 0; });
  EXPECT_EQ(8U, pool_->take_unstarted().size());
  EXPECT_EQ(2U, pool_->load().finished);
}

TEST_P(JobPoolTest, RunsJobsThatWereBrokenOffOneAtATime) {
  std::atomic<int> suspects_running{0};
  std::atomic<int> suspects_together{0};
  std::atomic<int> others{0};
  Gate others_done(100);
  const auto suspect = [](Gate& gate, std::atomic<int>& running) -> Task<CallEnd> {
    co_await gate;
    --running;
    co_return CallEnd::none;
  };
  make_pool(4, [&](const ClaimedJob& job) {
    if (!job.broken_off) {
      if (++others == 20) others_done.open();
      return ended(CallEnd::none);
    }
    // The first suspect runs until all other jobs are done, so it must not keep them waiting.
    if (++suspects_running > 1) ++suspects_together;
    return suspect(others_done, suspects_running);
  });
  std::vector<ClaimedJob> mixed = jobs(20);
  std::vector<ClaimedJob> broken_off = jobs(10);
  for (ClaimedJob& job : broken_off) job.broken_off = true;
  mixed.insert(mixed.begin(), broken_off.begin(), broken_off.end());
  pool_->add(std::move(mixed));
  EXPECT_EQ(30U, pool_->wait(nothing_left).finished);
  EXPECT_EQ(0, suspects_together);
}

TEST_P(JobPoolTest, EndsExhaustedJobsWithoutWaitingForEachOther) {
  Gate both_running(2);
  make_pool(2, [&](const ClaimedJob&) { return behind(both_running); });
  std::vector<ClaimedJob> exhausted = jobs(2);
  for (ClaimedJob& job : exhausted) job.broken_off = job.exhausted = true;
  pool_->add(std::move(exhausted));
  EXPECT_EQ(2U, pool_->wait(nothing_left).finished);
}

TEST_P(JobPoolTest, WakesAWaitThatLooksAtTheStop) {
  Gate gate(100);
  std::latch running(1);
  make_pool(1, [&](const ClaimedJob&) {
    running.count_down();
    return behind(gate);
  });
  pool_->add(jobs(1));
  running.wait();
  const std::jthread stopper([&] { stopping_.request_stop(); });
  pool_->wait([&](const PoolLoad&) { return stopping_.stop_requested(); });
  gate.open();
}

TEST_P(JobPoolTest, HasAsManyJobsInFlightAsItMay) {
  constexpr int kInFlight = 8;
  Gate all_running(kInFlight);
  make_pool(kInFlight, [&](const ClaimedJob&) { return behind(all_running); });
  std::vector<ClaimedJob> of_one_provider = jobs(kInFlight);
  for (ClaimedJob& job : of_one_provider) job.provider_address = "slow";
  pool_->add(std::move(of_one_provider));
  EXPECT_EQ(8U, pool_->wait(nothing_left).finished);
}

// One answer makes room for all jobs of the lane at once. Nothing else makes them begin.
TEST_P(JobPoolTest, BeginsAsManyJobsAsAnAnswerMakesRoomFor) {
  constexpr int kInFlight = 8;
  std::atomic<int> calls{0};
  Gate all_running(kInFlight);
  make_pool(kInFlight, [&](const ClaimedJob&) {
    const int call = ++calls;
    if (call == 1) return ended(CallEnd::failed);
    return call > 2 ? behind(all_running) : ended(CallEnd::answered);
  });
  for (const int count : {1, 1 + kInFlight}) {
    std::vector<ClaimedJob> of_one_provider = jobs(count);
    for (ClaimedJob& job : of_one_provider) job.provider_address = "mended";
    pool_->add(std::move(of_one_provider));
    pool_->wait([](const PoolLoad& load) { return nothing_left(load) && load.in_hand == 0; });
  }
  EXPECT_EQ(10U, pool_->load().finished);
}

TEST_P(JobPoolTest, GoesOnWhileAsManyJobsAsMayBeInFlightAreUnsettled) {
  std::counting_semaphore<8> ended_jobs(0);
  JobPool pool(
      {.jobs = 2, .threads = GetParam()},
      [&ended_jobs](Loop&) {
        return [&ended_jobs](const ClaimedJob&) {
          ended_jobs.release();
          return ended(CallEnd::answered);
        };
      },
      stopping_.get_token(),
      watch_);
  pool.add(jobs(6));
  for (int job = 0; job < 4; ++job) ended_jobs.acquire();
  EXPECT_FALSE(ended_jobs.try_acquire_for(std::chrono::milliseconds{50}));
  EXPECT_EQ(4U, pool.load().running);
  EXPECT_EQ(0U, pool.load().finished);
  pool.note_settled();
  ended_jobs.acquire();
  EXPECT_FALSE(ended_jobs.try_acquire_for(std::chrono::milliseconds{50}));
  stopping_.request_stop();
  EXPECT_EQ(1U, pool.take_unstarted().size());
  for (int left = 4; left > 0; --left) pool.note_settled();
  EXPECT_EQ(5U, pool.wait(nothing_left).finished);
}

TEST_P(JobPoolTest, BeginsNothingMoreWhenItGoes) {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> begun{0};
    std::atomic<int> done{0};
    Gate gate(1);
    const auto attempt = [](Gate& to_pass, std::atomic<int>& count) -> Task<CallEnd> {
      co_await to_pass;
      ++count;
      co_return CallEnd::answered;
    };
    make_pool(4, [&](const ClaimedJob&) {
      ++begun;
      return attempt(gate, done);
    });
    pool_->add(jobs(60));
    pool_.reset();
    EXPECT_EQ(begun, done);
  }
}

TEST_P(JobPoolTest, KeepsAJobOnItsLoop) {
  std::atomic<int> moved{0};
  Gate gate(64);
  const auto attempt = [](Gate& to_pass, std::atomic<int>& count) -> Task<CallEnd> {
    const std::thread::id before = std::this_thread::get_id();
    co_await to_pass;
    if (std::this_thread::get_id() != before) ++count;
    co_return CallEnd::answered;
  };
  make_pool(64, [&](const ClaimedJob&) { return attempt(gate, moved); });
  pool_->add(jobs(64));
  pool_->wait(nothing_left);
  EXPECT_EQ(0, moved);
  EXPECT_EQ(GetParam(), loops_);
}

INSTANTIATE_TEST_SUITE_P(Threads, JobPoolTest, testing::Values(1, 3));

}  // namespace
}  // namespace autoreply

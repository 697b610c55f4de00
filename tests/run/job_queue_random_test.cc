#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "run/claimed_jobs.h"
#include "run/job_queue.h"

namespace autoreply::test {
namespace {

/// A pool whose calls end at random, with lanes that fail, fall silent and recover.
class RandomPool {
 public:
  RandomPool(std::size_t threads, unsigned seed)
      : threads_(threads), queue_(threads), random_(seed) {
    for (int lane = 0; lane < below(6) + 1; ++lane)
      quality_["lane" + std::to_string(lane)] = below(11);
  }

  void run() {
    for (int step = 0; step < 400; ++step) {
      if (below(4) == 0) add_some();
      start();
      if (running_.empty()) continue;
      end_one();
    }
    while (queue_.unstarted() + queue_.running() > 0) {
      start();
      ASSERT_FALSE(running_.empty()) << "jobs wait and nothing runs";
      end_one();
    }
    EXPECT_EQ(added_, ended_);
  }

 private:
  int below(int bound) { return std::uniform_int_distribution<>(0, bound - 1)(random_); }

  std::string a_lane() {
    return std::next(quality_.begin(), below(static_cast<int>(quality_.size())))->first;
  }

  void add_some() {
    const std::string lane = a_lane();
    for (int count = below(20); count > 0; --count) {
      const std::string id = std::to_string(added_++);
      const bool is_suspect = below(20) == 0;
      queue_.add(is_suspect ? suspect(id, lane) : job(id, lane));
      if (!is_suspect) ++waiting_[lane];
    }
  }

  void start() {
    while (queue_.may_begin()) {
      running_.push_back(queue_.begin());
      if (!running_.back().suspect) --waiting_[address_of(running_.back())];
      ASSERT_LE(running_.size(), threads_);
    }
    ASSERT_LE(std::count_if(
                  running_.begin(), running_.end(), [](const auto& one) { return one.suspect; }),
              1);
    if (running_.size() == threads_) return;
    // If a thread is free, only suspects and jobs of failing lanes wait.
    ASSERT_EQ(queue_.unstarted(), queue_.held_up());
    const std::size_t reserve = std::max<std::size_t>(1, threads_ / 8);
    const bool failing_wait = std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& lane) {
      return lane.second > 0 && failing_[lane.first];
    });
    if (failing_wait) {
      ASSERT_GE(running_.size() + reserve, threads_);
    }
  }

  void end_one() {
    const auto at = static_cast<std::size_t>(below(static_cast<int>(running_.size())));
    std::swap(running_[at], running_.back());
    const std::string lane = address_of(running_.back());
    CallEnd end = below(10) < quality_[lane] ? CallEnd::answered : CallEnd::failed;
    if (below(8) == 0) end = CallEnd::none;
    if (end != CallEnd::none) failing_[lane] = end == CallEnd::failed;
    queue_.finish(running_.back(), end);
    running_.pop_back();
    ++ended_;
  }

  std::size_t threads_;
  JobQueue queue_;
  std::minstd_rand random_;
  std::map<std::string, int> quality_;  ///< how many of ten calls are answered
  std::map<std::string, bool> failing_;
  std::map<std::string, int> waiting_;  ///< without suspects
  std::vector<JobQueue::Begun> running_;
  int added_ = 0;
  int ended_ = 0;
};

TEST(JobQueue, LeavesNoThreadFreeAndNoJobBehindWhateverComes) {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    RandomPool(1 + seed % 19, seed).run();
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace autoreply::test

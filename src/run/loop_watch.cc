#include "run/loop_watch.h"

#include <algorithm>
#include <utility>

namespace autoreply {

void LoopWatch::add(const Loop& loop) {
  const std::scoped_lock lock(mutex_);
  watched_.push_back({.loop = &loop});
}

void LoopWatch::remove(const Loop& loop) {
  const std::scoped_lock lock(mutex_);
  longest_ = std::max(longest_, loop.longest_step());
  std::erase_if(watched_, [&](const Watched& one) { return one.loop == &loop; });
}

bool LoopWatch::finds_one_standing_still(int looks) {
  const std::scoped_lock lock(mutex_);
  bool found = false;
  for (Watched& one : watched_) {
    const std::uint64_t step = one.loop->step_under_way();
    if (std::exchange(one.step, step) != step || step == 0) one.looks = 0;
    found = found || one.looks++ >= looks;
  }
  return found;
}

Loop::Clock::duration LoopWatch::longest_step() const {
  const std::scoped_lock lock(mutex_);
  Loop::Clock::duration longest = longest_;
  for (const Watched& one : watched_) longest = std::max(longest, one.loop->longest_step());
  return longest;
}

}  // namespace autoreply

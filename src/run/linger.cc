#include "run/linger.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "run/claim_pace.h"

namespace autoreply {

bool Linger::wait_for_jobs(JobStore& store, const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (lingers_) {
    const auto next = std::min(Clock::now() + kLookPause, until_);
    {
      std::unique_lock lock(mutex);
      stopped.wait_until(lock, stop, next, [] { return false; });
    }
    if (stop.stop_requested() || is_over()) return false;
    if (store.look().value_or(Idleness::busy) == Idleness::busy) return true;
  }
  return false;
}

}  // namespace autoreply

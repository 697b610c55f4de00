#include "run/linger.h"

#include <algorithm>

#include "base/pause.h"
#include "run/claim_pace.h"

namespace autoreply {

bool Linger::wait_for_jobs(JobStore& store, const std::stop_token& stop) const {
  while (lingers_) {
    const Clock::time_point now = Clock::now();
    pause_unless_stopped(std::min<Clock::duration>(kLookPause, until_ - now), stop);
    if (stop.stop_requested() || is_over()) return false;
    if (store.look().value_or(Idleness::busy) == Idleness::busy) return true;
  }
  return false;
}

}  // namespace autoreply

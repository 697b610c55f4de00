#include "claim/claimer.h"

#include <condition_variable>
#include <mutex>
#include <random>

#include "base/uuid.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr int kTriesMax = 3;
constexpr int kPauseMsMin = 100;
constexpr int kPauseMsMax = 1'000;

void pause_unless(const std::stop_token& stop) {
  std::uniform_int_distribution<int> pause(kPauseMsMin, kPauseMsMax);
  std::random_device random;
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, milliseconds{pause(random)}, [] { return false; });
}

}  // namespace

Result<Claim> Claimer::claim(int limit, const std::stop_token& stop) {
  for (int attempt = 1;; ++attempt) {
    const LeaseKeeper::Instant since = BootClock::now();
    // A token of its own each time: what a failed try may have left behind is never taken for ours.
    auto claim = store_.claim(request(limit));
    if (claim) keeper_.hold(claim->jobs, since);
    if (claim || claim.error().kind != ErrorKind::busy) return claim;
    if (attempt == kTriesMax || stop.stop_requested()) return claim;
    pause_unless(stop);
  }
}

Result<Waiting> Claimer::count_waiting() {
  return store_.count_waiting(request(1));
}

ClaimRequest Claimer::request(int limit) const {
  return {.token = {random_uuid()},
          .limit = limit,
          .lease = rules_.lease,
          .probe_lease = rules_.probe_lease,
          .max_attempts = rules_.max_attempts,
          .filter = rules_.filter,
          .callback = rules_.callback,
          .route_of = rules_.route_of,
          .max_age = rules_.max_age,
          .limits = rules_.limits,
          .coalesce = rules_.coalesce};
}

}  // namespace autoreply

#include "run/claim_pace.h"

#include <algorithm>
#include <cstddef>

#include "claim/claim_rules.h"

namespace autoreply {
namespace {

/// A run that already holds back this many jobs claims no more, because other runs may serve them
/// sooner.
constexpr std::size_t kHeldUpMax = 1'000;

std::size_t outstanding(const PoolLoad& load) {
  return load.unstarted + load.running;
}

}  // namespace

int claim_size(const ClaimPace& pace, int claimed) {
  const int left = pace.drain || pace.lingers ? pace.limit : pace.limit - claimed;
  return std::clamp(left, 0, kClaimJobsMax);
}

ClaimStep next_step(const ClaimPace& pace,
                    const LastClaim& last,
                    const PoolLoad& now,
                    std::chrono::milliseconds since) {
  if (last.taken == 0 && outstanding(last.before) == 0) return ClaimStep::end;
  if (outstanding(now) == 0) return ClaimStep::claim;
  if (last.taken == last.wanted) {
    const auto places = static_cast<std::size_t>(pace.concurrency);
    const bool runs_dry = now.unstarted - now.held_up < places && now.held_up < kHeldUpMax;
    return runs_dry ? ClaimStep::claim : ClaimStep::wait;
  }
  if (now.unstarted > 0) return ClaimStep::wait;
  const bool half_is_done = outstanding(now) <= outstanding(last.after) / 2;
  const bool some_is_done = since >= kReclaimPause && now.finished > last.after.finished;
  const bool looks_again = pace.lingers && since >= kLookPause;
  return half_is_done || some_is_done || looks_again ? ClaimStep::claim : ClaimStep::wait;
}

}  // namespace autoreply

#pragma once

#include <chrono>

#include "run/worker_pool.h"

namespace autoreply {

/// How much a run claims.
struct ClaimPace {
  int limit = 0;  ///< jobs claimed by the run; with `drain`, by each claim
  int concurrency = 0;
  bool drain = false;  ///< claim until nothing that may be claimed now is left
};

/// A claim of the run that has ended.
struct LastClaim {
  int wanted = 0;
  int taken = 0;
  PoolLoad before;  ///< when it began
  PoolLoad after;   ///< with what it took
};

/// What a run does next.
enum class ClaimStep {
  claim,
  wait,  ///< for a job to end, or for `kReclaimPause` since the last claim
  end,   ///< only other runs or time can make more due
};

/// How long after a claim that found too little the next one waits for more jobs to end.
inline constexpr std::chrono::milliseconds kReclaimPause{250};

/// How many jobs the next claim asks for; 0: the limit is reached.
[[nodiscard]] int claim_size(const ClaimPace& pace, int claimed);

/// After a full claim more may be due at once: the next one comes before the pool runs dry. After a
/// short one only finished jobs can make more claimable: the next one comes when about half of the
/// running ones have finished, or some have and `kReclaimPause` is over. Pure; `since` is the time
/// since the last claim.
[[nodiscard]] ClaimStep next_step(const ClaimPace& pace,
                                  const LastClaim& last,
                                  const PoolLoad& now,
                                  std::chrono::milliseconds since);

}  // namespace autoreply

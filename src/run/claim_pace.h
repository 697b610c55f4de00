#pragma once

#include <chrono>

#include "run/job_pool.h"

namespace autoreply {

/// The limits on a run's claims.
struct ClaimPace {
  int limit = 0;  ///< jobs for the whole run; with `drain`, for each claim
  int concurrency = 0;
  bool drain = false;    ///< claim until no job is left that may be claimed now
  bool lingers = false;  ///< drains, and looks for new jobs every `kLookPause`
};

/// The run's last claim.
struct LastClaim {
  int wanted = 0;
  int taken = 0;
  PoolLoad before;  ///< when the claim began
  PoolLoad after;   ///< when its jobs were added
};

/// A run's next step.
enum class ClaimStep {
  claim,
  wait,  ///< until a job ends or `kReclaimPause` has passed since the last claim
  end,   ///< only other runs or time can make more jobs due
};

/// After a short claim, the next one waits this long for more jobs to end.
inline constexpr std::chrono::milliseconds kReclaimPause{250};

/// A run that lingers looks this often for jobs that have become due.
inline constexpr std::chrono::milliseconds kLookPause{1'000};

/// The number of jobs that the next claim asks for. 0: the limit is reached.
[[nodiscard]] int claim_size(const ClaimPace& pace, int claimed);

/// After a full claim, more jobs may be due, so the next claim comes before the pool runs dry.
/// After a short claim, only finished jobs can make more jobs claimable. The next claim then comes
/// when about half of the running jobs have finished, or when one has finished and `kReclaimPause`
/// has passed. A run that lingers waits no longer than `kLookPause`. `since` is the time since the
/// last claim. Pure.
[[nodiscard]] ClaimStep next_step(const ClaimPace& pace,
                                  const LastClaim& last,
                                  const PoolLoad& now,
                                  std::chrono::milliseconds since);

}  // namespace autoreply

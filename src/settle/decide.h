#pragma once

#include <chrono>

#include "job/job.h"
#include "job/settlement.h"
#include "job/verdict.h"
#include "settle/backoff.h"

namespace autoreply {

/// The rules of retrying.
struct RetryRules {
  int max_attempts = 3;
  Backoff backoff;
  std::chrono::milliseconds in_doubt_wait{120'000};  ///< after the send, until the job is due again
};

/// Turns what an attempt came to into what happens to the job's row. Pure: `noise` from [-1, 1]
/// spreads the delay. `recorded` tells whether this attempt recorded a transmission.
///
/// A job that is in doubt stays so, whatever else befalls it, until it is delivered or failed: its
/// `outcome` begins with "retried: in doubt" or is NULL. Requires a verdict other than `lost`, for
/// which nothing may be written.
[[nodiscard]] Settlement decide(const ClaimedJob& job,
                                const Verdict& verdict,
                                bool recorded,
                                const RetryRules& rules,
                                double noise);

}  // namespace autoreply

#pragma once

#include <chrono>

#include "job/attempt_result.h"
#include "job/job.h"
#include "job/settlement.h"
#include "settle/backoff.h"

namespace autoreply {

/// The rules of retrying.
struct RetryRules {
  int max_attempts = 0;  ///< from 1
  Backoff backoff;
  std::chrono::milliseconds in_doubt_wait{};  ///< after the send, until the job is due again
};

/// Turns the result of an attempt into what happens to the job's row. Pure: `noise` from [-1, 1]
/// spreads the delay. `recorded` tells whether this attempt recorded a transmission.
///
/// A job in doubt stays in doubt, whatever else happens to it, until it is delivered or failed: its
/// `outcome` begins with `kInDoubtNote` or is NULL. Requires a result other than `lost`, for which
/// nothing may be written.
[[nodiscard]] Settlement decide(const ClaimedJob& job,
                                const AttemptResult& result,
                                bool recorded,
                                const RetryRules& rules,
                                double noise);

}  // namespace autoreply

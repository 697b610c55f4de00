#pragma once

#include "job/attempt_result.h"
#include "job/job.h"
#include "job/settlement.h"
#include "settle/retry_rules.h"

namespace autoreply {

/// Turns the result of an attempt into a change of the job's row. `noise` from [-1, 1] spreads the
/// delay. `recorded` tells whether this attempt recorded a transmission. Requires a result other
/// than `lost`, for which nothing may be written. Pure.
///
/// A job in doubt stays in doubt until it ends: its `outcome` begins with `kInDoubtNote` or is
/// NULL.
[[nodiscard]] Settlement decide(const ClaimedJob& job,
                                const AttemptResult& result,
                                bool recorded,
                                const RetryRules& rules,
                                double noise);

}  // namespace autoreply

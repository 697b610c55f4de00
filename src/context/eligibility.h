#pragma once

#include <chrono>
#include <optional>

#include "job/conversation.h"
#include "job/job.h"
#include "job/verdict.h"

namespace autoreply {

/// What decides whether a job may be answered at all.
struct EligibilityRules {
  std::chrono::milliseconds max_age{86'400'000};  ///< 0: no limit
  int max_sends = 2;
  std::chrono::milliseconds in_doubt_wait{120'000};  ///< after a send, for the host's own record
  int max_attempts = 3;
  /// A provider that the operator named answers whatever the workspace says, so its row may be
  /// missing.
  bool provider_overridden = false;
};

/// Returns the verdict on a job that must not be answered, empty for one that may. Pure. The order
/// is that of certainty: what ends the job for good comes before what may still change.
[[nodiscard]] std::optional<Verdict> find_obstacle(const ClaimedJob& job,
                                                   const JobContext& context,
                                                   const EligibilityRules& rules);

}  // namespace autoreply

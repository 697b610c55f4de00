#pragma once

#include <chrono>

namespace autoreply {

/// Growing delays between the attempts of a job.
struct Backoff {
  std::chrono::milliseconds base{5'000};     ///< before attempt 2
  double factor = 5.0;                       ///< from each delay to the next; at least 1
  std::chrono::milliseconds cap{3'600'000};  ///< longest delay before the jitter
  double jitter = 0.2;                       ///< 0.2 spreads a delay by ±20 %; range [0, 1]
};

/// Returns how long to wait after attempt `attempt` (from 1) failed: min(cap, base ×
/// factor^(attempt−1)), scaled by 1 + jitter × `noise`. Pure: the caller draws `noise` from [-1,
/// 1]. Saturates at the cap.
[[nodiscard]] std::chrono::milliseconds retry_delay(const Backoff& backoff,
                                                    int attempt,
                                                    double noise);

}  // namespace autoreply

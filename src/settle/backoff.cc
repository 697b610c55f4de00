#include "settle/backoff.h"

#include <algorithm>
#include <cmath>

namespace autoreply {

std::chrono::milliseconds retry_delay(const Backoff& backoff, int attempt, double noise) {
  const double grown = static_cast<double>(backoff.base.count()) *
                       std::pow(backoff.factor, std::max(attempt, 1) - 1);
  // Also works for the infinity that a large attempt number gives.
  const double capped = std::min(grown, static_cast<double>(backoff.cap.count()));
  return std::chrono::milliseconds{std::llround(capped * (1.0 + backoff.jitter * noise))};
}

}  // namespace autoreply

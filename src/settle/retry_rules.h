#pragma once

#include <chrono>

#include "settle/backoff.h"

namespace autoreply {

/// How failed attempts are retried.
struct RetryRules {
  int max_attempts = 0;  ///< at least 1
  Backoff backoff;
  std::chrono::milliseconds in_doubt_wait{};  ///< after the send, until the job is due again
};

}  // namespace autoreply

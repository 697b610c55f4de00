#pragma once

#include "base/log.h"

namespace autoreply {

/// Raises this process's soft limit on open files to the number that `wanted` jobs in flight need
/// on so many threads. Returns how many jobs may run at once. If the hard limit is too low, logs a
/// warning and returns fewer than `wanted`, but at least 1.
[[nodiscard]] int concurrency_within_limits(int wanted, int threads, const Log& log);

}  // namespace autoreply

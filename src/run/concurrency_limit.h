#pragma once

#include "base/log.h"

namespace autoreply {

/// Raises the soft limit of open files of this process as far as `wanted` jobs in flight need, and
/// returns how many jobs there may be: fewer than `wanted`, with a warning, if the hard limit
/// allows no more, but at least 1.
[[nodiscard]] int concurrency_within_limits(int wanted, const Log& log);

}  // namespace autoreply

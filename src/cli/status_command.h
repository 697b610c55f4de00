#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Prints how the queue is. Returns `failed` if a job has been due for longer than `max_lag`.
[[nodiscard]] ExitStatus status_command(const GlobalOptions& global, const StatusOptions& options);

}  // namespace autoreply

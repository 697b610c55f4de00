#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Prints the jobs that are selected, the newest first.
[[nodiscard]] ExitStatus list_command(const GlobalOptions& global, const ListOptions& options);

}  // namespace autoreply

#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Deletes old finished jobs, page by page, and says how many.
[[nodiscard]] ExitStatus purge_command(const GlobalOptions& global, const PurgeOptions& options);

}  // namespace autoreply

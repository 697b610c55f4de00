#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// `autoreply run`: performs one run and prints its summary, or with `--dry-run` what a run would
/// do. Returns the exit status.
[[nodiscard]] ExitStatus run_command(const GlobalOptions& global, const RunOptions& options);

}  // namespace autoreply

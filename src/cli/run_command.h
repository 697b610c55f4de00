#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// `autoreply run`: does one run, prints its summary (with `--dry-run` what it would do), and
/// returns the exit status.
[[nodiscard]] ExitStatus run_command(const GlobalOptions& global, const RunOptions& options);

}  // namespace autoreply

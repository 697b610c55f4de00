#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// `autoreply migrate`: migrates, or prints the SQL, and returns the exit status.
[[nodiscard]] ExitStatus migrate_command(const GlobalOptions& global,
                                         const MigrateOptions& options);

}  // namespace autoreply

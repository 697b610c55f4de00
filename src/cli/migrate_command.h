#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// `autoreply migrate`: migrates the database or prints the SQL. Returns the exit status.
[[nodiscard]] ExitStatus migrate_command(const GlobalOptions& global,
                                         const MigrateOptions& options);

}  // namespace autoreply

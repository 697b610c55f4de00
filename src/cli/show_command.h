#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Prints all that the database knows of a job, or lists the jobs of a contact. Returns `failed` if
/// there is neither.
[[nodiscard]] ExitStatus show_command(const GlobalOptions& global, const ShowOptions& options);

}  // namespace autoreply

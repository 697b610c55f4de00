#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Checks all that a run needs, and says what to do about what it finds. Writes nothing. Sends the
/// host one request without a number and a text.
[[nodiscard]] ExitStatus doctor_command(const GlobalOptions& global, const RunOptions& options);

}  // namespace autoreply

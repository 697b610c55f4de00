#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Forgets the breaker with the given name and prints the result: a line, or an object for
/// `--output json`. Returns `failed` if no breaker has that name.
[[nodiscard]] ExitStatus unblock_command(const GlobalOptions& global,
                                         const UnblockOptions& options);

}  // namespace autoreply

#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Forgets the breaker of the name and prints what became of it: a line, or an object for
/// `--output json`. Of a name that no breaker has: `failed`.
[[nodiscard]] ExitStatus unblock_command(const GlobalOptions& global,
                                         const UnblockOptions& options);

}  // namespace autoreply

#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Retries or cancels the jobs that are selected. Asks on a terminal before it changes more than
/// one; elsewhere that needs `--yes`. Returns `failed` if no job was changed, with the reason if
/// the jobs were named.
[[nodiscard]] ExitStatus change_command(const GlobalOptions& global, const ChangeOptions& options);

}  // namespace autoreply

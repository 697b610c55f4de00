#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Puts the unanswered messages of a period into the queue, at a pace. After a stop, the same
/// command goes on where it was stopped.
[[nodiscard]] ExitStatus backfill_command(const GlobalOptions& global,
                                          const BackfillOptions& options);

}  // namespace autoreply

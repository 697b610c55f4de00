#pragma once

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Writes a page about a period.
[[nodiscard]] ExitStatus report_command(const GlobalOptions& global, const ReportOptions& options);

}  // namespace autoreply

#pragma once

#include <vector>

#include "cli/options.h"
#include "report/diagnosis.h"
#include "run/exit_status.h"

namespace autoreply {

/// What is wrong or odd in the database: the part of `doctor` that needs no options of a run.
[[nodiscard]] std::vector<Diagnosis> database_findings(const GlobalOptions& global);

/// Checks all that a run needs, and says what to do about what it finds. Writes nothing. Sends the
/// host one request without a number and a text.
[[nodiscard]] ExitStatus doctor_command(const GlobalOptions& global, const RunOptions& options);

}  // namespace autoreply

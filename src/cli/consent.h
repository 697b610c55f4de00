#pragma once

#include <optional>
#include <string>

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Asks a person on a terminal whether to do `what`, such as "retry 12 jobs", to the database. With
/// `yes` nobody is asked. Returns the status to end with if the answer is no, or if nobody can be
/// asked: the refusal is then reported.
[[nodiscard]] std::optional<ExitStatus> refused_consent(const std::string& what,
                                                        bool yes,
                                                        const GlobalOptions& global);

}  // namespace autoreply

#pragma once

#include <optional>
#include <string>

#include "cli/options.h"
#include "run/exit_status.h"

namespace autoreply {

/// Asks a person on a terminal whether to do `what`, such as "retry 12 jobs", to the database. With
/// `yes` it asks no one. If the answer is no, or there is no terminal, it reports the refusal and
/// returns the status to end with.
[[nodiscard]] std::optional<ExitStatus> refused_consent(const std::string& what,
                                                        bool yes,
                                                        const GlobalOptions& global);

}  // namespace autoreply

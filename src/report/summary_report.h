#pragma once

#include <string>

#include "run/exit_status.h"
#include "run/summary.h"

namespace autoreply {

/// The summary as one JSON object on one line, without a line end. `cost` is in US dollars.
[[nodiscard]] std::string summary_json(const Summary& summary, ExitStatus status);

/// The summary for a person, a few lines, each ended.
[[nodiscard]] std::string summary_text(const Summary& summary, ExitStatus status);

}  // namespace autoreply

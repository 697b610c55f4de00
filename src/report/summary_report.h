#pragma once

#include <string>

#include "run/exit_status.h"
#include "run/summary.h"

namespace autoreply {

/// Returns the summary as one JSON object on one line, without a line feed. `cost` is in US
/// dollars.
[[nodiscard]] std::string summary_json(const Summary& summary, ExitStatus status);

/// Returns the summary as a few lines of text for people, each with a line feed.
[[nodiscard]] std::string summary_text(const Summary& summary, ExitStatus status);

}  // namespace autoreply

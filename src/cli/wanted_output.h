#pragma once

#include <string>
#include <vector>

namespace autoreply {

/// Guesses from a wrong command line, the environment and the configuration file whether the result
/// is wanted as JSON.
[[nodiscard]] bool seems_to_want_json(const std::vector<std::string>& words);

}  // namespace autoreply

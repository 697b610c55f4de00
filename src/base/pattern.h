#pragma once

#include <regex>

namespace autoreply {

/// Compiles a regular expression. Use it to initialise each `static const std::regex`: while
/// libstdc++ compiles, it fills a table that all threads share, so only one of them may do so.
[[nodiscard]] std::regex compiled(const char* pattern);

}  // namespace autoreply

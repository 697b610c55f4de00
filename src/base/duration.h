#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace autoreply {

/// Reads a duration as the command line writes it: one or more of a decimal number with a unit out
/// of `ms`, `s`, `m`, `h`, `d`, `w` ("90s", "1h30m", "250ms", "1.5s"); "0" alone needs no unit. At
/// most ten years. Returns `misconfigured` with the accepted form for anything else, negative
/// numbers too.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Writes a duration so that `parse_duration` reads the same one back: "2m", "1m30s", "250ms".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace autoreply

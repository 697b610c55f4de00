#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace autoreply {

/// Parses a duration as written on the command line: one or more decimal numbers, each followed by
/// a unit, `ms`, `s`, `m`, `h`, `d` or `w` ("90s", "1h30m", "250ms", "1.5s"). "0" alone needs no
/// unit. The maximum is ten years. Returns `misconfigured` with the accepted form for anything
/// else, including negative numbers.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Formats a duration so that `parse_duration` reads back the same value: "2m", "1m30s", "250ms".
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace autoreply

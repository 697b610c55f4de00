#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace autoreply {

/// Returns a foreign text as one line that may be logged and stored: valid UTF-8, with everything
/// that looks like a key (`sk-…`, `Bearer …`, long runs of mixed letters and digits) or a phone
/// number replaced by "***". UUIDs and dates stay.
[[nodiscard]] std::string masked(std::string_view text);

/// Returns `text` with "***" wherever it repeats the secret, however that looks.
[[nodiscard]] std::string without(std::string text, const Secret& secret);

/// Shortens one line to at most `bytes_max` bytes, with "..." at the end where something was cut.
[[nodiscard]] std::string shortened(std::string_view line, std::size_t bytes_max);

}  // namespace autoreply

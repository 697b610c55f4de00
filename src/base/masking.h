#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace autoreply {

/// Returns a foreign text as one line that may be logged and stored: valid UTF-8, with everything
/// that looks like a key (`sk-…`, `Bearer …`, long runs of mixed letters and digits) or a phone
/// number (seven digits or more with the separators that people use, next to letters as well)
/// replaced by "***". UUIDs, short hexadecimal hashes, dates and times of ISO 8601, IPv4 addresses,
/// amounts with a currency, numbers with a unit and names of models stay. Linear in the size of the
/// text.
[[nodiscard]] std::string masked(std::string_view text);

/// Returns `text` with "***" in place of the secret: as it is, percent-encoded, or escaped as in
/// JSON. Takes at most the product of both sizes.
[[nodiscard]] std::string without(std::string text, const Secret& secret);

/// Shortens one line to at most `bytes_max` bytes, with "..." at the end where something was cut.
[[nodiscard]] std::string shortened(std::string_view line, std::size_t bytes_max);

}  // namespace autoreply

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace autoreply {

/// Returns foreign text as one line that is safe to log and store. The line is valid UTF-8. "***"
/// replaces everything that looks like a key (`sk-…`, `Bearer …`, long runs of mixed letters and
/// digits) or a phone number (seven digits or more with the separators that people use, also next
/// to letters). UUIDs, short hexadecimal hashes, ISO 8601 dates and times, IPv4 addresses, amounts
/// with a currency, numbers with a unit and model names stay. Linear in the size of the text.
[[nodiscard]] std::string masked(std::string_view text);

/// Returns `text` with "***" in place of the secret, whether plain, percent-encoded or escaped as
/// in JSON. Takes time proportional to the product of both sizes at most.
[[nodiscard]] std::string without(std::string text, const Secret& secret);

/// Shortens one line to at most `bytes_max` bytes; the result ends with "..." if something was cut.
[[nodiscard]] std::string shortened(std::string_view line, std::size_t bytes_max);

}  // namespace autoreply

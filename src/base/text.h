#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Returns `text` as valid UTF-8 that every database here accepts: NUL bytes are dropped, and each
/// byte that starts no valid sequence becomes U+FFFD. Surrogates encoded as UTF-8 count as invalid.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// Returns the longest prefix of valid UTF-8 `text` with at most `bytes_max` bytes that ends
/// between two characters.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

/// Returns `text` without white space (ASCII) at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Returns `text` with every run of white space and control characters as one space, trimmed.
[[nodiscard]] std::string one_line(std::string_view text);

/// Returns `text` with ASCII letters in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace autoreply

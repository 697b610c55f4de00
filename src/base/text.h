#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Returns `text` as valid UTF-8 that every supported database accepts: drops NUL bytes and
/// replaces each byte that starts no valid sequence with U+FFFD. Surrogates encoded as UTF-8 are
/// invalid.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// Returns the longest prefix of valid UTF-8 `text` that has at most `bytes_max` bytes and splits
/// no character.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

/// Returns `text` without ASCII white space at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// Returns `text` trimmed, with each run of white space and control characters as one space.
[[nodiscard]] std::string one_line(std::string_view text);

/// Whether `text` has `word` with no ASCII letter, digit or underscore before and after it.
[[nodiscard]] bool has_word(std::string_view text, std::string_view word);

/// Returns `text` with ASCII letters in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace autoreply

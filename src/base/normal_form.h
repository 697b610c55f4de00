#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Reduces a text to its letters and digits, in one case, without accents and in their plain forms
/// (full-width letters, ligatures). Equal for spellings that people read as the same word. Pure.
[[nodiscard]] std::string folded_letters(std::string_view text);

/// Converts a text to Unicode normal form C and removes white space and invisible characters, for
/// comparing how two systems stored the same text. Pure.
[[nodiscard]] std::string comparable(std::string_view text);

/// Returns the number of letters and digits in a text. Pure.
[[nodiscard]] std::size_t letter_count(std::string_view text);

}  // namespace autoreply

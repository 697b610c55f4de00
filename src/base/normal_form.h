#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// The letters and digits of a text alone, in one case, without accents and in their plain forms
/// (full-width ones, ligatures): equal for what people take for the same word. Pure.
[[nodiscard]] std::string folded_letters(std::string_view text);

/// A text in Unicode's normal form C without white space and invisible characters, to compare what
/// two systems have kept of one text. Pure.
[[nodiscard]] std::string comparable(std::string_view text);

/// Number of letters and digits of a text. Pure.
[[nodiscard]] std::size_t letter_count(std::string_view text);

}  // namespace autoreply

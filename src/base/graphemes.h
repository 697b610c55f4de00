#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace autoreply {

/// Returns the byte offsets at which the characters that people see end (Unicode's extended
/// grapheme clusters): a letter with its accents, a family of emoji. `text` is valid UTF-8.
[[nodiscard]] std::vector<std::size_t> grapheme_ends(std::string_view text);

}  // namespace autoreply

#pragma once

#include <cstddef>
#include <string_view>

namespace autoreply {

/// Returns where the last whole sentence of `text` ends: the number of bytes up to and including
/// its closing mark, or 0 if no sentence ends. A line break ends a sentence as well. Abbreviations,
/// initials and decimal points do not. A point after a digit at the very end counts as a decimal
/// point because the text may have been cut there.
[[nodiscard]] std::size_t last_sentence_end(std::string_view text);

}  // namespace autoreply

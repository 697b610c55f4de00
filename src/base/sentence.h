#pragma once

#include <cstddef>
#include <string_view>

namespace autoreply {

/// Where the last whole sentence of `text` ends: the number of bytes up to and with its closing
/// mark, 0 where no sentence ends. A line break ends a sentence too. Abbreviations, initials and
/// decimal points do not; a point after a digit at the very end counts as a decimal point, since
/// the text may have been cut there.
[[nodiscard]] std::size_t last_sentence_end(std::string_view text);

}  // namespace autoreply

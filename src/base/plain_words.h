#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Reduces a text to words of lower-case letters and digits, for phrase searches. One blank
/// precedes each word and one follows the last. Apostrophes are removed without a blank: "hasn't"
/// becomes "hasnt". Non-ASCII bytes stay unchanged. Linear in the length of the text.
[[nodiscard]] std::string plain_words(std::string_view text);

}  // namespace autoreply

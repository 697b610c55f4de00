#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// The words of a text in lower-case letters and digits, with one blank before each and one at the
/// end, to look for phrases in. Apostrophes leave no blank: "hasn't" is "hasnt". Bytes beyond ASCII
/// stay as they are. Linear in the length of the text.
[[nodiscard]] std::string plain_words(std::string_view text);

}  // namespace autoreply

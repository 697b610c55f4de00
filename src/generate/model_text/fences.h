#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Removes from `text` the code fences whose opening satisfies `opens`, which receives the text
/// after the three backticks. An unclosed fence extends to the end of the text. Returns true if
/// there was one. Linear if `opens` looks at a bounded part only.
bool remove_fences(std::string& text, bool (*opens)(std::string_view after));

/// Returns the content of a code fence around the whole of `text`, or `text` if there is none.
/// Trims the result.
[[nodiscard]] std::string_view without_fence(std::string_view text);

}  // namespace autoreply

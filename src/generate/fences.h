#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Takes out of `text` the code fences whose opening, behind the three backticks, satisfies
/// `opens`. One that never ends lasts to the end of the text. True if there was one. Linear, if
/// `opens` looks at a bounded part only.
bool remove_fences(std::string& text, bool (*opens)(std::string_view behind));

/// What a code fence round the whole of `text` holds; else `text`. Without blanks at the ends.
[[nodiscard]] std::string_view without_fence(std::string_view text);

}  // namespace autoreply

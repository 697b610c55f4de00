#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Removes the Markdown from a text that is displayed unrendered: headings, bold and italic marks,
/// code marks and fences, quotes, rules, tables, HTML tags. A link becomes "label (address)", a
/// bullet becomes "- ", and escaped characters and entities become what they stand for. Keeps
/// anything that may not be Markdown: `2*3*4`, `snake_case`, `__init__.py`, `* ` in a product, list
/// numbers and addresses. Backticks that mark nothing become apostrophes. Lines end with line
/// feeds, and indentation is removed. Requires valid UTF-8 of a bounded size. Pure.
[[nodiscard]] std::string without_markdown(std::string_view text);

}  // namespace autoreply

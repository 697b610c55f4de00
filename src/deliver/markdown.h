#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Takes the Markdown out of a text that is shown as it stands: headings, bold and italic marks,
/// code marks and fences, quotes, rules, tables, tags of HTML. A link becomes "label (address)",
/// bullets become "- ", escaped characters and entities what they stand for. Cautious: `2*3*4`,
/// `snake_case`, `__init__.py`, `* ` in a sum, numbers of lists and addresses stay as they are.
/// Backticks become apostrophes if they mark nothing. Lines end with line feeds, and indentation
/// goes. Requires valid UTF-8 of a bounded size. Pure.
[[nodiscard]] std::string without_markdown(std::string_view text);

}  // namespace autoreply

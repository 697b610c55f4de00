#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Takes the Markdown out of a text that is shown as it stands: headings, bold and italic marks,
/// code marks and fences, list bullets, quotes, rules; a link becomes "label (address)". Cautious:
/// `2*3*4`, `snake_case`, `* ` in a sum and addresses stay as they are. Backticks become
/// apostrophes where they mark nothing. Lines end with line feeds. Pure.
[[nodiscard]] std::string without_markdown(std::string_view text);

}  // namespace autoreply

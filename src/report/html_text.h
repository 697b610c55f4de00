#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Returns any text as one line of HTML that shows it and does nothing else.
[[nodiscard]] std::string html_text(std::string_view text);

}  // namespace autoreply

#pragma once

#include <string_view>

namespace autoreply {

/// Whether `text` consists of exactly one quotation, in the quotation marks of any language. A
/// quotation without its end counts if it ends at an ellipsis. The quotation may contain others.
/// Linear. Pure.
[[nodiscard]] bool is_quotation(std::string_view text);

}  // namespace autoreply

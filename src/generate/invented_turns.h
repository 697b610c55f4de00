#pragma once

#include <string_view>

namespace autoreply {

/// The model's first turn, where it wrote on for both sides: without lines from "User:" on, if
/// "Assistant:" follows, and without what it repeated of the user's turn before. Texts with only
/// one of the two stay as they are. Linear. Pure.
[[nodiscard]] std::string_view without_invented_turns(std::string_view text);

}  // namespace autoreply

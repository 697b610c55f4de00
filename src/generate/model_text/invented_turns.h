#pragma once

#include <string_view>

namespace autoreply {

/// Returns the model's first turn if the model wrote on for both sides. Drops everything from a
/// "User:" line on if an "Assistant:" line follows it, and the user's turn that the model repeated
/// first. A text with only one of these labels stays unchanged. Linear. Pure.
[[nodiscard]] std::string_view without_invented_turns(std::string_view text);

}  // namespace autoreply

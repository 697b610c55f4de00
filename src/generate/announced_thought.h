#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// The text behind reasoning that words, not marks, set apart: "Thought: … Answer: …", "Here is my
/// thought process: …", "Thinking... …done thinking.", `*Thinking...*` with a quotation, and the
/// names of roles and channels that stay behind when their tokens are lost. Linear. Pure.
[[nodiscard]] std::string_view after_announced_thought(std::string_view text);

/// Takes out code fences with reasoning in them: "```thinking".
void remove_thought_fences(std::string& text);

}  // namespace autoreply

#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Returns the text after reasoning that is set apart by words instead of marks: "Thought: …
/// Answer: …", "Here is my thought process: …", "Thinking... …done thinking.", `*Thinking...*` with
/// a quotation, and names of roles and channels that remain when their tokens are lost. Linear.
/// Pure.
[[nodiscard]] std::string_view after_announced_thought(std::string_view text);

/// Removes code fences that contain reasoning: "```thinking".
void remove_thought_fences(std::string& text);

}  // namespace autoreply

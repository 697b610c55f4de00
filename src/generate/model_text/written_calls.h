#pragma once

#include <string>

namespace autoreply {

/// Removes from `text` the tool calls that a model wrote as text and the server failed to read:
/// objects with a name and arguments, alone, in arrays or code fences, cut short or with single
/// quotes, `functions.x(…)`, `[x(day="Sunday")]`, and ReAct's "Action Input:". Returns true if
/// there was one. An object without both name and arguments stays. Linear in the size of the text.
/// Pure.
[[nodiscard]] bool remove_written_calls(std::string& text);

}  // namespace autoreply

#pragma once

#include <string_view>

namespace autoreply {

/// Whether an OpenAI model reasons before it answers and therefore rejects a temperature: the o
/// series, and gpt-5 and later except the chat variants. Ignores a vendor's name before a slash.
[[nodiscard]] bool is_reasoning_model(std::string_view model);

/// Returns the lowest `reasoning_effort` that an OpenAI model is known to accept; empty if none is
/// known. The default effort spends hundreds of hidden tokens on an SMS.
[[nodiscard]] std::string_view lowest_reasoning_effort(std::string_view model);

}  // namespace autoreply

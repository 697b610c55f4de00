#pragma once

#include <string_view>

namespace autoreply {

// What a model of OpenAI accepts. Its name tells, wherever it runs.

/// Whether a model reasons before it answers and therefore rejects a temperature: the o series, and
/// gpt-5 and later except the chat variants.
[[nodiscard]] bool rejects_temperature(std::string_view model);

/// Returns the lowest `reasoning_effort` that a model is known to accept; empty if none is known.
/// The default effort spends hundreds of hidden tokens on an SMS.
[[nodiscard]] std::string_view lowest_reasoning_effort(std::string_view model);

/// Whether a model spends hidden tokens before its text even at that effort.
[[nodiscard]] bool reasons_at_lowest_effort(std::string_view model);

}  // namespace autoreply

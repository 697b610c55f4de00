#pragma once

#include <string_view>

namespace autoreply {

/// Whether a model of OpenAI reasons before it answers, so that it rejects a temperature: the o
/// series, and gpt-5 and later but for the chat variants. A vendor's name before a slash is
/// ignored.
[[nodiscard]] bool is_reasoning_model(std::string_view model);

/// The lowest `reasoning_effort` that OpenAI's model is known to take; empty where none is known.
/// The default effort spends hundreds of hidden tokens on an SMS.
[[nodiscard]] std::string_view lowest_reasoning_effort(std::string_view model);

}  // namespace autoreply

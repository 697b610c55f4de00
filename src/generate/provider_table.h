#pragma once

#include <string>
#include <string_view>

#include "generate/provider.h"

namespace autoreply {

/// Finds a provider by name, in any case. Returns null if there is none.
[[nodiscard]] const Provider* find_provider(std::string_view name);

/// Returns all names for messages: "openai, anthropic, …, echo".
[[nodiscard]] std::string available_providers();

}  // namespace autoreply

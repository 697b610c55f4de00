#pragma once

#include <string_view>

#include "generate/model_text/channels.h"

namespace autoreply {

/// Extracts the reply for the customer from everything that a model printed. Removes reasoning in
/// any form (blocks with or without their opening tag, several of them, nested; channels; reasoning
/// announced by words or JSON keys), special tokens, other speakers' turns, and tool calls written
/// as text. A block of reasoning that never ends leaves nothing, because no answer came. Linear in
/// the size of the text. Pure.
[[nodiscard]] ModelOutput spoken_part(std::string_view printed);

}  // namespace autoreply

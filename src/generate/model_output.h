#pragma once

#include <string_view>

#include "generate/channels.h"

namespace autoreply {

/// What a model means for the customer, out of all that it printed: without reasoning in any form
/// (blocks with or without their opening tag, several of them, nested; channels; announced in words
/// or by keys of JSON), special tokens, other speakers' turns, and tool calls written as text. A
/// block of reasoning that never ends leaves nothing, since no answer came. Linear in the size of
/// the text. Pure.
[[nodiscard]] ModelOutput spoken_part(std::string_view printed);

}  // namespace autoreply

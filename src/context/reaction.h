#pragma once

#include <string_view>

namespace autoreply {

/// Whether a message is the text that a phone sends when its owner taps a reaction to a message:
/// `Liked “See you at 9”`, `Laughed at an image`, `Reacted 👍 to “…”`, `Removed a heart from “…”`,
/// `👍 to “…”`, and the known forms of six other languages. The quotation may contain others and may
/// end at an ellipsis. Nothing may follow it, because a question there needs an answer. Linear.
/// Pure.
[[nodiscard]] bool is_reaction(std::string_view text);

}  // namespace autoreply

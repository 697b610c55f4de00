#pragma once

#include <string_view>

namespace autoreply {

/// Whether a message is what a phone sends as text when its owner taps a reaction to a message:
/// `Liked “See you at 9”`, `Laughed at an image`, `Reacted 👍 to “…”`, `Removed a heart from “…”`,
/// `👍 to “…”`, and the forms that are known of six other languages. The quotation may hold others,
/// and be cut at an ellipsis. Nothing may follow it, since a question there wants an answer.
/// Linear. Pure.
[[nodiscard]] bool is_reaction(std::string_view message);

}  // namespace autoreply

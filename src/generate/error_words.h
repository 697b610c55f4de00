#pragma once

#include <optional>
#include <string_view>

#include "generate/error_signs.h"

namespace autoreply {

/// What a sentence of an error says by its words: something that can be refused, and what is wrong
/// with it, in either order. For vendors whose phrases are in no list. Never `content`,
/// `too_long` or `throttled`. Sentences about a rate, or about a trouble that passes by itself, say
/// nothing. Linear in the length of the text. Pure.
[[nodiscard]] std::optional<Sign> sign_in_words(std::string_view text);

}  // namespace autoreply

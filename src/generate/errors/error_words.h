#pragma once

#include <optional>
#include <string_view>

#include "generate/errors/error_signs.h"

namespace autoreply {

/// Returns the sign of a sentence by its words: it names a thing that can be refused and what is
/// wrong with that thing, in either order. For vendors whose phrases are in no list. Never
/// `content`, `too_long` or `throttled`. Sentences about a rate limit or a temporary problem give
/// no sign. Linear in the length of the text. Pure.
[[nodiscard]] std::optional<Sign> sign_in_words(std::string_view text);

}  // namespace autoreply

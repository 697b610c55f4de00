#pragma once

#include <string_view>

#include "generate/errors/error_signs.h"

namespace autoreply {

/// Whether one request alone exceeds the limit, so waiting does not help: "Request too large for …
/// tokens per min (TPM): Limit 6000, Requested 9000". `text` must be in lower case.
[[nodiscard]] bool is_larger_than_limit(std::string_view text);

/// Classifies an error that says that something is too long: `parameter` if the room requested for
/// the answer is too large for any conversation, otherwise `too_long`.
[[nodiscard]] Sign sign_of_length(const ErrorBody& error);

}  // namespace autoreply

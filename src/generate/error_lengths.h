#pragma once

#include <string_view>

#include "generate/error_signs.h"

namespace autoreply {

/// "Request too large for … tokens per min (TPM): Limit 6000, Requested 9000": no wait helps.
/// `text` is in lower case.
[[nodiscard]] bool is_larger_than_limit(std::string_view text);

/// Of an error that says that something is too long: `parameter` if the room that is asked for the
/// answer is too large for any conversation, else `too_long`.
[[nodiscard]] Sign sign_of_length(const ErrorBody& error);

}  // namespace autoreply

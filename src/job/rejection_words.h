#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Reduces a rejection to its words: status, code and text in lower case, without keys, digits, ids
/// and punctuation, at most 200 bytes. Jobs rejected for the same reason give the same words, even
/// if each answer names its own request, numbers and amounts. A status of 0 is left out. Pure.
/// Accepts any bytes and returns valid UTF-8.
[[nodiscard]] std::string rejection_words(int status, std::string_view code, std::string_view text);

}  // namespace autoreply

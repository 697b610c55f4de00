#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// In which words a peer rejected a job: status, code and text in lower case, without keys, digits,
/// ids and punctuation, at most 200 bytes. Two jobs that are rejected for the same reason give the
/// same words, though each answer names its own request, numbers and amounts. A status of 0 is left
/// out. Pure; takes any bytes and gives valid UTF-8.
[[nodiscard]] std::string rejection_words(int status, std::string_view code, std::string_view text);

}  // namespace autoreply

#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Returns the text as one word of a POSIX shell command, quoted if necessary.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace autoreply

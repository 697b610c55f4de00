#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// The text as one word of a POSIX shell's command line, in quotes if it needs them.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace autoreply

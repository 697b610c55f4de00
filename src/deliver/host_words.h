#pragma once

#include <string_view>

namespace autoreply {

/// Whether a host's text says that the recipient opted out: "Recipient has opted-out",
/// "PHONE_NUMBER_OPTED_OUT", "User replied STOP". Punctuation counts as a blank. A text that denies
/// the opt-out or is about a workspace's own choice does not count. Linear. Pure.
[[nodiscard]] bool tells_opt_out(std::string_view text);

/// Whether a host's text says that no SMS can reach the recipient's number, now or ever. A text
/// about the sending number does not count. Linear. Pure.
[[nodiscard]] bool tells_invalid_recipient(std::string_view text);

}  // namespace autoreply

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// How long a reply may be.
struct ReplyLimits {
  std::size_t units_max = 0;     ///< UTF-16 code units; Twilio counts its limit of 1,600 this way
  std::size_t segments_max = 0;  ///< 0: no limit
};

/// Makes a generated reply fit for SMS. Trims it, removes Markdown, a leading "Assistant:" and
/// control characters other than line feeds, replaces typographic characters with similar ones in
/// GSM-7, and cuts it at the end of a sentence or a word to the limits, never within what people
/// see as one character. Returns valid UTF-8 for any input; empty if nothing is left. Ignores
/// everything beyond 32 KB or 8 bytes per unit, whichever is more. Pure.
[[nodiscard]] std::string shaped_for_sms(std::string_view text, const ReplyLimits& limits);

/// Returns the number of UTF-16 code units of valid UTF-8.
[[nodiscard]] std::size_t utf16_units(std::string_view text);

}  // namespace autoreply

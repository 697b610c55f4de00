#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Makes a generated reply fit for SMS: trimmed, without Markdown, a leading "Assistant:" and
/// control characters other than line feeds, look-alikes replaced by characters of GSM-7, and cut
/// at the end of a sentence or a word to `units_max` UTF-16 code units. Valid UTF-8, whatever comes
/// in; empty if nothing is left. Of a text over 32 KB, and over 8 bytes for each of `units_max`,
/// the rest is not looked at. Pure. Source: facts of Twilio's `Body`, which counts and limits this
/// way (1,600).
[[nodiscard]] std::string shaped_for_sms(std::string_view text, std::size_t units_max);

/// Number of UTF-16 code units of valid UTF-8.
[[nodiscard]] std::size_t utf16_units(std::string_view text);

}  // namespace autoreply

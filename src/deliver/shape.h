#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace autoreply {

/// Makes a generated reply fit for SMS. Trims it, removes Markdown, a leading "Assistant:" and
/// control characters other than line feeds, replaces typographic characters with similar ones in
/// GSM-7, and cuts it at the end of a sentence or a word to `units_max` UTF-16 code units. Returns
/// valid UTF-8 for any input; empty if nothing is left. Ignores everything beyond 32 KB or 8 bytes
/// per unit of `units_max`, whichever is more. Pure. Source: Twilio's `Body` counts and limits this
/// way (1,600).
[[nodiscard]] std::string shaped_for_sms(std::string_view text, std::size_t units_max);

/// Returns the number of UTF-16 code units of valid UTF-8.
[[nodiscard]] std::size_t utf16_units(std::string_view text);

}  // namespace autoreply

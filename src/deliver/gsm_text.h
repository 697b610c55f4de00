#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Replaces typographic characters that are not in the GSM-7 alphabet by those that look alike:
/// curly quotes, dashes, the ellipsis, bullets, special spaces, the backtick. Invisible characters
/// (soft hyphen, zero-width space, byte order mark) are dropped; joiners inside emoji stay. One
/// such character turns the whole SMS into UCS-2, with 70 characters to a segment in place of 160.
[[nodiscard]] std::string gsm_look_alikes(std::string_view text);

}  // namespace autoreply

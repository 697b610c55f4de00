#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Replaces typographic characters outside the GSM-7 alphabet with similar ones inside it: curly
/// quotes, dashes, the ellipsis, bullets, special spaces. Drops invisible characters (soft hyphen,
/// zero-width space, byte order mark) but keeps joiners inside emoji. A single such character would
/// turn the whole SMS into UCS-2, with 70 instead of 160 characters per segment.
[[nodiscard]] std::string gsm_look_alikes(std::string_view text);

}  // namespace autoreply

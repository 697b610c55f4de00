#pragma once

#include <cstddef>
#include <string_view>

namespace autoreply {

/// The size of a text as an SMS, which carriers charge by segments.
struct SmsSize {
  bool is_gsm = true;        ///< all characters are in GSM-7; one other makes it UCS-2
  std::size_t units = 0;     ///< septets of GSM-7, otherwise UTF-16 code units
  std::size_t segments = 0;  ///< 0 only for no text
  bool operator==(const SmsSize&) const = default;
};

/// Measures valid UTF-8. A segment holds 160 septets or 70 code units; one of several holds 153 or
/// 67. No character is split over segments. Linear. Pure. Source: 3GPP TS 23.038 and 23.040.
[[nodiscard]] SmsSize sms_size(std::string_view text);

}  // namespace autoreply

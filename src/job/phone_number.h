#pragma once

#include <string_view>

namespace autoreply {

/// Whether `text` is a phone number in the form of E.164: "+", a country code that does not begin
/// with 0, 8 to 15 digits in all (fewer are short codes and typing errors).
[[nodiscard]] bool is_phone_number(std::string_view text);

}  // namespace autoreply

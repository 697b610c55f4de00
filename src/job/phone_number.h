#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Whether `text` is a phone number in E.164 form: "+", then 8 to 15 digits, the first of which is
/// not 0. Fewer digits are a short code or a typing error.
[[nodiscard]] bool is_phone_number(std::string_view text);

/// A text read as a phone number.
struct PhoneNumber {
  enum class Kind {
    valid,
    missing,    ///< no visible character
    national,   ///< without a country code, and none was given
    malformed,  ///< anything else
  };

  Kind kind = Kind::malformed;
  std::string number{};  ///< in E.164 form if valid, else empty
};

/// Reads a phone number as people and programs write it. Spaces, hyphens, dots, parentheses, a
/// slash after the area code, invisible marks, a leading "tel:", "sms:", "whatsapp:" or apostrophe,
/// a spreadsheet's ".0" and the "(0)" of "+44 (0)20" are removed. Full-width digits become plain
/// ones. Other decimals are malformed.
///
/// `country_code` ("1", "49"; empty: none) completes national numbers. The trunk prefix is dropped
/// if the country has one. North American numbers have 10 digits, or 11 that begin with 1. "00", or
/// in North America "011", becomes "+". A number that begins with the country's own code but has no
/// "+" is malformed unless its length settles the question: a guess might reach a stranger. "00"
/// without `country_code` is malformed, since not every country dials it. Pure.
[[nodiscard]] PhoneNumber read_phone_number(std::string_view text, std::string_view country_code);

}  // namespace autoreply

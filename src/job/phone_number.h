#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// Whether `text` is a phone number in the form of E.164: "+", a country code that does not begin
/// with 0, 8 to 15 digits in all (fewer are short codes and typing errors).
[[nodiscard]] bool is_phone_number(std::string_view text);

/// What a text in the place of a phone number is.
struct PhoneNumber {
  enum class Kind {
    valid,
    missing,    ///< no character that anybody sees
    national,   ///< without country code, and none is known
    malformed,  ///< anything else
  };

  Kind kind = Kind::malformed;
  std::string number{};  ///< of a valid one, in the form of E.164
};

/// Reads a phone number as people and programs write it: spaces, hyphens, dots, parentheses, a
/// slash behind the area code, invisible marks, a leading "tel:", "whatsapp:" or apostrophe and a
/// spreadsheet's ".0" are removed, full-width digits become plain ones, and so does the "(0)" of
/// "+44 (0)20". Other decimals are malformed. `country_code` ("1", "49"; empty: none) completes
/// national numbers: a trunk prefix goes where the country has one, North America's have 10 digits,
/// or 11 that begin with 1; and "00", or "011" in North America, before a country code becomes "+".
/// A number that begins with the country's own code and no "+" is malformed unless its length tells
/// what it is: a guess might reach a stranger. "00" without `country_code` is malformed:
/// not every country dials it. Pure.
[[nodiscard]] PhoneNumber read_phone_number(std::string_view text, std::string_view country_code);

}  // namespace autoreply

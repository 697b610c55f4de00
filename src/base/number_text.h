#pragma once

#include <cstddef>
#include <string_view>

namespace autoreply {

/// Length of a possible phone number at the start of `text`, or 0. It has at least seven digits and
/// the separators that people write between them (up to three of space, dot, dash, slash, bracket,
/// plus, no-break and invisible characters). Full-width and Arabic digits count. A last group that
/// continues as a word is left out if enough digits precede it. Linear in the length of the result,
/// and constant if that is 0. Pure.
[[nodiscard]] std::size_t phone_number_length(std::string_view text);

/// Length of a number at `at` that is certainly no phone number, or 0: an ISO 8601 date or time, an
/// IPv4 address, the date in a model's name ("-20241022"), an amount with its currency, or a
/// duration or count with its unit. Looks at no more than a few dozen bytes. Pure.
[[nodiscard]] std::size_t harmless_number_length(std::string_view text, std::size_t at);

/// Length of an ASCII, full-width or Arabic digit at the start of `text`, or 0. Sets `value` to the
/// digit's value, 0 to 9. Pure.
[[nodiscard]] std::size_t digit_length(std::string_view text, int& value);

/// Length of a character at the start of `text` that people see as a gap or do not see, or 0: white
/// space, no-break and other spaces, zero-width characters, directional marks, the byte order mark.
/// Pure.
[[nodiscard]] std::size_t blank_length(std::string_view text);

/// Length of a dash at the start of `text`, or 0: the hyphen, its Unicode relatives, the minus
/// sign. Pure.
[[nodiscard]] std::size_t dash_length(std::string_view text);

}  // namespace autoreply

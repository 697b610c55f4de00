#pragma once

#include <cstddef>
#include <string_view>

namespace autoreply {

/// Length of what may be a phone number at the start of `text`, or 0: seven digits or more, with
/// the separators that people write between them (up to three of space, dot, dash, slash, bracket,
/// plus, no-break and invisible characters). Full-width digits count. A last group that goes on as
/// a word is left out if enough digits stand before it. Linear in the result's length, and constant
/// if that is 0. Pure.
[[nodiscard]] std::size_t phone_number_length(std::string_view text);

/// Length of a number at `at` that people write and that is no phone number, or 0: a date or time
/// of ISO 8601, an IPv4 address, the date in a model's name ("-20241022"), an amount with its
/// currency, a duration or a count with its unit. Needs no more than a few dozen bytes around.
/// Pure.
[[nodiscard]] std::size_t harmless_number_length(std::string_view text, std::size_t at);

/// Length of one digit at the start of `text`, ASCII, full-width or Arabic, or 0; its value, 0 to
/// 9, goes to `value`. Pure.
[[nodiscard]] std::size_t digit_length(std::string_view text, int& value);

/// Length of one character at the start of `text` that people see as a gap or do not see at all,
/// or 0: white space, no-break and other spaces, zero-width characters, marks of direction, the
/// byte order mark. Pure.
[[nodiscard]] std::size_t blank_length(std::string_view text);

/// Length of one dash at the start of `text`, or 0: the hyphen, its relatives in Unicode, the minus
/// sign. Pure.
[[nodiscard]] std::size_t dash_length(std::string_view text);

}  // namespace autoreply

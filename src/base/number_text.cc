#include "base/number_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kPhoneDigitsMin = 7;
constexpr int kSeparatorsMax = 3;

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}
bool is_digit_at(std::string_view text, std::size_t at) {
  return std::isdigit(static_cast<int>(byte_at(text, at))) != 0;
}
bool is_alpha_at(std::string_view text, std::size_t at) {
  return std::isalpha(static_cast<int>(byte_at(text, at))) != 0;
}

std::size_t separator_length(std::string_view text) {
  if (text.empty()) return 0;
  if (std::string_view("./()+").find(text[0]) != std::string_view::npos) return 1;
  if (const std::size_t dash = dash_length(text); dash > 0) return dash;
  return blank_length(text);
}

/// Number of ASCII digits at `at`, counted up to `max`.
std::size_t digits_at(std::string_view text, std::size_t at, std::size_t max) {
  std::size_t count = 0;
  while (count < max && is_digit_at(text, at + count)) ++count;
  return count;
}

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (std::size_t place = at; place < at + digits; ++place)
    number = number * 10 + (text[place] - '0');
  return number;
}

bool is_date(int year, int month, int day) {
  return year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// Accepts "2026-11-22".
std::size_t date_length(std::string_view text, std::size_t at) {
  const bool form = digits_at(text, at, 5) == 4 && byte_at(text, at + 4) == '-' &&
                    digits_at(text, at + 5, 3) == 2 && byte_at(text, at + 7) == '-' &&
                    digits_at(text, at + 8, 3) == 2;
  if (!form) return 0;
  return is_date(number_at(text, at, 4), number_at(text, at + 5, 2), number_at(text, at + 8, 2))
             ? 10
             : 0;
}

/// Accepts "20241022" after a separator in a name, or before the time in "20241022T080000".
std::size_t compact_date_length(std::string_view text, std::size_t at) {
  if (digits_at(text, at, 9) != 8) return 0;
  if (!is_date(number_at(text, at, 4), number_at(text, at + 4, 2), number_at(text, at + 6, 2))) {
    return 0;
  }
  const bool in_name = at >= 2 &&
                       std::string_view("-@_").find(text[at - 1]) != std::string_view::npos &&
                       std::isalnum(static_cast<int>(byte_at(text, at - 2))) != 0;
  if (in_name && !is_alpha_at(text, at + 8)) return 8;
  const bool has_time = byte_at(text, at + 8) == 'T' && digits_at(text, at + 9, 7) == 6;
  return has_time ? 15 : 0;
}

/// Accepts "12:00" and "12:00:00.123456".
std::size_t time_length(std::string_view text, std::size_t at) {
  constexpr std::size_t kFractionMax = 9;
  const bool form = digits_at(text, at, 3) == 2 && byte_at(text, at + 2) == ':' &&
                    digits_at(text, at + 3, 3) == 2;
  if (!form) return 0;
  if (byte_at(text, at + 5) != ':' || digits_at(text, at + 6, 3) != 2) return 5;
  if (byte_at(text, at + 8) != '.') return 8;
  return 9 + digits_at(text, at + 9, kFractionMax);
}

std::size_t ipv4_length(std::string_view text, std::size_t at) {
  constexpr int kParts = 4;
  std::size_t end = at;
  for (int part = 0; part < kParts; ++part) {
    if (part > 0 && byte_at(text, end++) != '.') return 0;
    const std::size_t digits = digits_at(text, end, 4);
    if (digits == 0 || digits > 3 || number_at(text, end, digits) > 255) return 0;
    end += digits;
  }
  return byte_at(text, end) == '.' && is_digit_at(text, end + 1) ? 0 : end - at;
}

bool starts_with_currency(std::string_view text) {
  constexpr std::array<std::string_view, 8> kCurrencies{
      "$", "\u20AC", "\u00A3", "\u00A5", "USD", "EUR", "GBP", "CHF"};
  return std::any_of(kCurrencies.begin(), kCurrencies.end(), [&](std::string_view currency) {
    return text.starts_with(currency);
  });
}

bool is_after_currency(std::string_view text, std::size_t at) {
  constexpr std::size_t kLookBack = 3;
  if (at > 0 && text[at - 1] == ' ') --at;
  for (std::size_t back = 1; back <= std::min(kLookBack, at); ++back) {
    if (starts_with_currency(text.substr(at - back, back))) return true;
  }
  return false;
}

bool starts_with_unit(std::string_view text) {
  constexpr std::array<std::string_view, 18> kUnitWords{"ms",
                                                        "s",
                                                        "us",
                                                        "ns",
                                                        "sec",
                                                        "secs",
                                                        "second",
                                                        "seconds",
                                                        "min",
                                                        "minutes",
                                                        "h",
                                                        "hour",
                                                        "hours",
                                                        "tokens",
                                                        "bytes",
                                                        "characters",
                                                        "chars",
                                                        "milliseconds"};
  if (text.starts_with(' ')) text.remove_prefix(1);
  std::size_t end = 0;
  while (end < 13 && is_alpha_at(text, end)) ++end;
  const std::string unit = lower_case(text.substr(0, end));
  return std::find(kUnitWords.begin(), kUnitWords.end(), unit) != kUnitWords.end();
}

/// Accepts an amount with its currency, or a number with its unit.
std::size_t quantity_length(std::string_view text, std::size_t at) {
  constexpr std::size_t kDigitsMax = 12;
  constexpr std::size_t kUnitDigitsMax = 9;
  std::size_t digits = digits_at(text, at, kDigitsMax + 1);
  if (digits == 0 || digits > kDigitsMax) return 0;
  std::size_t end = at + digits;
  if (byte_at(text, end) == '.') {
    const std::size_t cents = digits_at(text, end + 1, 7);
    if (cents > 0 && cents <= 6) end += 1 + cents;
  }
  std::string_view after = text.substr(end);
  if (starts_with_unit(after) && digits <= kUnitDigitsMax) return end - at;
  if (after.starts_with(' ')) after.remove_prefix(1);
  const bool amount = is_after_currency(text, at) || starts_with_currency(after);
  const bool goes_on = separator_length(text.substr(end)) > 0 && is_digit_at(text, end + 1);
  return amount && !goes_on ? end - at : 0;
}

}  // namespace

std::size_t digit_length(std::string_view text, int& value) {
  const unsigned first = byte_at(text, 0);
  if (first >= '0' && first <= '9') {
    value = static_cast<int>(first - '0');
    return 1;
  }
  const unsigned second = byte_at(text, 1);
  // U+FF10 to U+FF19; U+0660 to U+0669; U+06F0 to U+06F9.
  if (const unsigned third = byte_at(text, 2);
      first == 0xEFU && second == 0xBCU && third >= 0x90U && third <= 0x99U) {
    value = static_cast<int>(third - 0x90U);
    return 3;
  }
  if (first == 0xD9U && second >= 0xA0U && second <= 0xA9U) {
    value = static_cast<int>(second - 0xA0U);
    return 2;
  }
  if (first == 0xDBU && second >= 0xB0U && second <= 0xB9U) {
    value = static_cast<int>(second - 0xB0U);
    return 2;
  }
  return 0;
}

std::size_t blank_length(std::string_view text) {
  const unsigned first = byte_at(text, 0);
  if (text.empty()) return 0;
  if (std::isspace(static_cast<int>(first)) != 0) return 1;
  const unsigned second = byte_at(text, 1);
  const unsigned third = byte_at(text, 2);
  if (first == 0xC2U && (second == 0xA0U || second == 0xADU))
    return 2;                                       // no-break space, soft hyphen
  if (first == 0xD8U && second == 0x9CU) return 2;  // Arabic letter mark
  if (first == 0xE2U && second == 0x80U) {
    // Spaces, zero-width and direction marks: U+2000 to U+200F, U+2028 to U+202F.
    return (third >= 0x80U && third <= 0x8FU) || (third >= 0xA8U && third <= 0xAFU) ? 3 : 0;
  }
  if (first == 0xE2U && second == 0x81U)
    return third >= 0x9FU && third <= 0xAFU ? 3 : 0;                  // U+205F to U+206F
  if (first == 0xE3U && second == 0x80U && third == 0x80U) return 3;  // U+3000
  if (first == 0xEFU && second == 0xBBU && third == 0xBFU) return 3;  // U+FEFF
  return 0;
}

std::size_t dash_length(std::string_view text) {
  const unsigned first = byte_at(text, 0);
  if (first == '-') return 1;
  const unsigned second = byte_at(text, 1);
  const unsigned third = byte_at(text, 2);
  if (first == 0xE2U && second == 0x80U && third >= 0x90U && third <= 0x95U)
    return 3;                                                         // U+2010 to U+2015
  if (first == 0xE2U && second == 0x88U && third == 0x92U) return 3;  // U+2212
  if (first == 0xEFU && second == 0xBCU && third == 0x8DU) return 3;  // U+FF0D
  return 0;
}

std::size_t phone_number_length(std::string_view text) {
  int value = 0;
  std::size_t at = 0;
  constexpr std::size_t kOpeningsMax = 3;  // "(+("
  while (at < std::min(kOpeningsMax, text.size()) && (text[at] == '+' || text[at] == '(')) ++at;
  if (digit_length(text.substr(at), value) == 0) return 0;
  std::size_t digits = 0;
  std::size_t end = 0;          // of the last group of digits
  std::size_t earlier_end = 0;  // of the group before it
  std::size_t earlier_digits = 0;
  int separators = 0;
  while (at < text.size()) {
    if (const std::size_t digit = digit_length(text.substr(at), value); digit > 0) {
      if (separators > 0) {
        earlier_end = end;
        earlier_digits = digits;
      }
      at += digit;
      end = at;
      ++digits;
      separators = 0;
      continue;
    }
    const std::size_t separator = separator_length(text.substr(at));
    if (separator == 0 || ++separators > kSeparatorsMax) break;
    at += separator;
  }
  if (is_alpha_at(text, end) && earlier_digits >= kPhoneDigitsMin) return earlier_end;
  return digits >= kPhoneDigitsMin ? end : 0;
}

std::size_t harmless_number_length(std::string_view text, std::size_t at) {
  if (!is_digit_at(text, at)) return 0;
  if (at > 0 && text[at - 1] == '+') return 0;
  for (const auto length :
       {date_length, compact_date_length, time_length, ipv4_length, quantity_length}) {
    if (const std::size_t found = length(text, at); found > 0) return found;
  }
  return 0;
}

}  // namespace autoreply

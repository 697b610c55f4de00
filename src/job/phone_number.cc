#include "job/phone_number.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/number_text.h"

namespace autoreply {
namespace {

/// Longer texts hold more than a number.
constexpr std::size_t kNumberTextBytesMax = 200;
/// Shorter ones are short codes nearly everywhere.
constexpr std::size_t kNationalDigitsMin = 7;

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char character) {
    return std::isdigit(character) != 0;
  });
}

/// Drops what people write between digits; other characters stay.
std::string dense(std::string_view text) {
  constexpr std::string_view kFullWidthPlus = "\uFF0B";
  constexpr std::array<std::string_view, 6> kMarks{"(", ")", ".", "\uFF08", "\uFF09", "\uFF0E"};
  std::string plain;
  while (!text.empty()) {
    int digit = 0;
    std::size_t length = 0;
    if (length = blank_length(text) + dash_length(text); length > 0) {
      // nothing of it stays
    } else if (length = digit_length(text, digit); length > 0) {
      plain += static_cast<char>('0' + digit);
    } else if (text.starts_with(kFullWidthPlus)) {
      length = kFullWidthPlus.size();
      plain += '+';
    } else if (text.starts_with("(0)") && plain.starts_with('+')) {
      length = 3;
    } else {
      const auto* const mark =
          std::find_if(kMarks.begin(), kMarks.end(), [&](std::string_view one) {
            return text.starts_with(one);
          });
      if (mark == kMarks.end()) {
        length = 1;
        plain += text[0];
      } else {
        length = mark->size();
      }
    }
    text.remove_prefix(length);
  }
  return plain;
}

/// Digits of a national number without its trunk prefix.
struct Plan {
  std::string_view country_code;
  std::size_t digits_min;
  std::size_t digits_max;
};

// Of countries whose numbers may begin with the country's own code, or are often stored without
// "+". Source: the ITU's list of national numbering plans.
constexpr std::array<Plan, 30> kPlans{{
    {"7", 10, 10},   {"27", 9, 9},   {"30", 10, 10}, {"31", 9, 9},   {"32", 8, 9},   {"33", 9, 9},
    {"34", 9, 9},    {"41", 9, 9},   {"44", 9, 10},  {"45", 8, 8},   {"47", 8, 8},   {"48", 9, 9},
    {"52", 10, 10},  {"55", 10, 11}, {"56", 9, 9},   {"57", 10, 10}, {"61", 9, 9},   {"63", 10, 10},
    {"65", 8, 8},    {"82", 8, 10},  {"86", 11, 11}, {"90", 10, 10}, {"91", 10, 10}, {"92", 10, 10},
    {"234", 10, 10}, {"254", 9, 9},  {"351", 9, 9},  {"420", 9, 9},  {"852", 8, 8},  {"966", 9, 9},
}};
// Where a leading 0 is part of the number: Italy with San Marino and the Vatican, Ivory Coast,
// Benin, Gabon, Congo.
constexpr std::array<std::string_view, 7> kZeroStays{
    "39", "378", "379", "225", "229", "241", "242"};

std::string north_american(std::string_view digits) {
  if (digits.size() == 10) return std::string("+1").append(digits);
  return digits.size() == 11 && digits[0] == '1' ? std::string("+").append(digits) : "";
}

/// Length of the prefix that is dialled before a number within its country.
std::size_t trunk_length(std::string_view digits, std::string_view country_code) {
  if (country_code == "36" && digits.starts_with("06")) return 2;
  if (country_code == "7" && digits.size() == 11 && digits[0] == '8') return 1;
  const bool stays =
      std::find(kZeroStays.begin(), kZeroStays.end(), country_code) != kZeroStays.end();
  return digits[0] == '0' && !stays ? 1 : 0;
}

/// The number in its international form, empty if that cannot be told.
std::string completed(std::string_view digits, std::string_view country_code) {
  if (country_code == "1") return north_american(digits);
  const std::string prefix = std::string("+").append(country_code);
  if (const std::size_t trunk = trunk_length(digits, country_code); trunk > 0) {
    return prefix + std::string(digits.substr(trunk));
  }
  if (!digits.starts_with(country_code)) return prefix + std::string(digits);
  const auto* const plan = std::find_if(kPlans.begin(), kPlans.end(), [&](const Plan& one) {
    return one.country_code == country_code;
  });
  if (plan == kPlans.end()) return "";
  if (digits.size() >= plan->digits_min && digits.size() <= plan->digits_max) {
    return prefix + std::string(digits);
  }
  const std::size_t own = digits.size() - country_code.size();
  return own >= plan->digits_min && own <= plan->digits_max ? std::string("+").append(digits) : "";
}

}  // namespace

bool is_phone_number(std::string_view text) {
  constexpr std::size_t kDigitsMin = 8;
  constexpr std::size_t kDigitsMax = 15;
  if (!text.starts_with('+')) return false;
  const std::string_view digits = text.substr(1);
  return digits.size() >= kDigitsMin && digits.size() <= kDigitsMax && digits[0] != '0' &&
         is_digits(digits);
}

PhoneNumber read_phone_number(std::string_view text, std::string_view country_code) {
  using Kind = PhoneNumber::Kind;
  if (text.size() > kNumberTextBytesMax) return {Kind::malformed};
  std::string number = dense(text);
  if (number.empty()) return {Kind::missing};
  if (number[0] != '+') {
    if (!is_digits(number) || number.size() < kNationalDigitsMin || number.starts_with("00")) {
      return {Kind::malformed};
    }
    if (country_code.empty()) return {Kind::national};
    number = completed(number, country_code);
  }
  if (!is_phone_number(number)) return {Kind::malformed};
  return {Kind::valid, std::move(number)};
}

}  // namespace autoreply

#include "job/phone_number.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/number_text.h"
#include "base/text.h"

namespace autoreply {
namespace {

/// Longer texts hold more than a phone number.
constexpr std::size_t kNumberTextBytesMax = 200;
/// Shorter numbers are short codes nearly everywhere.
constexpr std::size_t kNationalDigitsMin = 7;

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char character) {
    return std::isdigit(character) != 0;
  });
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char character) {
        return std::isdigit(character) != 0;
      }));
}

/// Drops the prefix of a number in a link or a spreadsheet: "tel:", "whatsapp:", an apostrophe.
std::string_view without_lead(std::string_view text) {
  constexpr std::array<std::string_view, 5> kLeads{"tel:", "whatsapp:", "sms:", "'", "\u2019"};
  while (!text.empty() && blank_length(text) > 0) text.remove_prefix(blank_length(text));
  for (const std::string_view lead : kLeads) {
    if (lower_case(text.substr(0, lead.size())) == lead) return text.substr(lead.size());
  }
  return text;
}

/// Length of one bracket or point at the start of `text`, or 0.
std::size_t mark_length(std::string_view text, bool& is_point) {
  constexpr std::array<std::string_view, 4> kBrackets{"(", ")", "\uFF08", "\uFF09"};
  constexpr std::array<std::string_view, 2> kPoints{".", "\uFF0E"};
  for (const std::string_view mark : kPoints) {
    is_point = text.starts_with(mark);
    if (is_point) return mark.size();
  }
  for (const std::string_view mark : kBrackets) {
    if (text.starts_with(mark)) return mark.size();
  }
  return 0;
}

/// Brings digits, signs and gaps into one plain form: full-width digits become plain ones, points
/// '.', and brackets, dashes and blanks '-'. Blanks and dashes at both ends are dropped.
std::string plain_number(std::string_view text) {
  constexpr std::string_view kFullWidthPlus = "\uFF0B";
  std::string plain;
  while (!text.empty()) {
    int digit = 0;
    bool is_point = false;
    std::size_t length = 0;
    if (length = blank_length(text) + dash_length(text); length > 0) {
      if (!plain.empty()) plain += '-';
    } else if (length = digit_length(text, digit); length > 0) {
      plain += static_cast<char>('0' + digit);
    } else if (text.starts_with(kFullWidthPlus)) {
      length = kFullWidthPlus.size();
      plain += '+';
    } else if (text.starts_with("(0)") && plain.starts_with('+')) {
      length = 3;
      plain += '-';
    } else if (length = mark_length(text, is_point); length > 0) {
      plain += is_point ? '.' : '-';
    } else {
      length = 1;
      plain += text[0];
    }
    text.remove_prefix(length);
  }
  while (plain.ends_with('-')) plain.pop_back();
  return plain;
}

/// Whether the point at `at` is a decimal point, as spreadsheets write: "15551000017.0". The digits
/// after it are not part of the number.
bool is_decimal_point(std::string_view plain, std::size_t at) {
  const std::size_t other = plain.substr(0, at).find_last_not_of("0123456789");
  const std::size_t run = other == std::string_view::npos ? at : at - other - 1;
  const std::string_view after = plain.substr(at + 1);
  const bool short_end = (after.size() == 1 || after.size() == 2) && is_digits(after);
  if (short_end && (after == "0" || run >= kNationalDigitsMin)) return true;
  return run > kNationalDigitsMin;
}

/// Whether the slash at `at` separates an area code from a number. A later slash separates the
/// number from another one, or from alternative last digits ("123456/7").
bool is_area_slash(std::string_view plain, std::size_t at) {
  constexpr std::size_t kAfterMin = 4;
  const std::size_t before = count_digits(plain.substr(0, at));
  const std::size_t before_max = plain.starts_with('+') ? kNationalDigitsMin : 6;
  return before > 0 && before <= before_max && count_digits(plain.substr(at + 1)) >= kAfterMin;
}

/// Drops the separators that people write between digits. All other characters stay, and so do
/// separators whose loss would make it another number.
std::string dense(std::string_view text) {
  std::string plain = plain_number(without_lead(text));
  // A spreadsheet's ".0" after a whole number.
  if (plain.ends_with(".0") &&
      plain.find_first_not_of("0123456789", plain.starts_with('+') ? 1 : 0) == plain.size() - 2) {
    plain.resize(plain.size() - 2);
  }
  std::string number;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    const char character = plain[at];
    const bool gap = character == '-' || (character == '.' && !is_decimal_point(plain, at)) ||
                     (character == '/' && is_area_slash(plain, at));
    if (!gap) number += character;
  }
  return number;
}

/// How many digits a national number has without its trunk prefix.
struct Plan {
  std::string_view country_code;
  std::size_t digits_min;
  std::size_t digits_max;
};

// Countries whose national numbers may begin with the country's own code, or whose numbers are
// often stored without "+". Source: the ITU's list of national numbering plans.
constexpr std::array<Plan, 30> kPlans{{
    {"7", 10, 10},   {"27", 9, 9},   {"30", 10, 10}, {"31", 9, 9},   {"32", 8, 9},   {"33", 9, 9},
    {"34", 9, 9},    {"41", 9, 9},   {"44", 9, 10},  {"45", 8, 8},   {"47", 8, 8},   {"48", 9, 9},
    {"52", 10, 10},  {"55", 10, 11}, {"56", 9, 9},   {"57", 10, 10}, {"61", 9, 9},   {"63", 10, 10},
    {"65", 8, 8},    {"82", 8, 10},  {"86", 11, 11}, {"90", 10, 10}, {"91", 10, 10}, {"92", 10, 10},
    {"234", 10, 10}, {"254", 9, 9},  {"351", 9, 9},  {"420", 9, 9},  {"852", 8, 8},  {"966", 9, 9},
}};
// Countries where a leading 0 is part of the number: Italy with San Marino and the Vatican, Ivory
// Coast, Benin, Gabon, Congo.
constexpr std::array<std::string_view, 7> kZeroStays{
    "39", "378", "379", "225", "229", "241", "242"};

std::string north_american(std::string_view digits) {
  if (digits.size() == 10) return std::string("+1").append(digits);
  return digits.size() == 11 && digits[0] == '1' ? std::string("+").append(digits) : "";
}

/// Length of the trunk prefix, which is dialled only within the country, or 0.
std::size_t trunk_length(std::string_view digits, std::string_view country_code) {
  if (country_code == "36" && digits.starts_with("06")) return 2;
  if (country_code == "7" && digits.size() == 11 && digits[0] == '8') return 1;
  const bool stays =
      std::find(kZeroStays.begin(), kZeroStays.end(), country_code) != kZeroStays.end();
  return digits[0] == '0' && !stays ? 1 : 0;
}

/// The number in its international form; empty if that is ambiguous or impossible.
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

// Countries where a carrier's number follows "00", or where "00" is only the beginning of the
// international prefix: Indonesia, Australia, Singapore, Thailand, Brazil, Colombia, South Korea,
// Hong Kong, Cambodia.
constexpr std::array<std::string_view, 9> kNoDoubleZero{
    "62", "61", "65", "66", "55", "57", "82", "852", "855"};

/// Length of the international prefix, or 0. Outside North America, "011" begins numbers in Delhi,
/// Johannesburg and Buenos Aires.
std::size_t international_prefix_length(std::string_view digits, std::string_view country_code) {
  if (country_code == "1" && digits.starts_with("011")) return 3;
  const bool dials_it =
      std::find(kNoDoubleZero.begin(), kNoDoubleZero.end(), country_code) == kNoDoubleZero.end();
  return dials_it && digits.starts_with("00") ? 2 : 0;
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
    if (!is_digits(number) || number.size() < kNationalDigitsMin) return {Kind::malformed};
    const std::size_t prefix = international_prefix_length(number, country_code);
    if (number.starts_with("00") && (country_code.empty() || prefix == 0)) {
      return {Kind::malformed};
    }
    if (country_code.empty()) return {Kind::national};
    number = prefix > 0 ? "+" + number.substr(prefix) : completed(number, country_code);
  }
  if (!is_phone_number(number)) return {Kind::malformed};
  return {Kind::valid, std::move(number)};
}

}  // namespace autoreply

#include "base/masking.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "base/uuid.h"

namespace autoreply {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::size_t kPhoneDigitsMin = 7;  // of one that begins with "+"
constexpr std::size_t kBareDigitsMin = 10;
constexpr std::size_t kOpaqueBytesMin = 24;

bool is_digit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}
bool is_alpha(char character) {
  return std::isalpha(static_cast<unsigned char>(character)) != 0;
}

bool is_key_character(char character) {
  return is_digit(character) || is_alpha(character) || character == '_' || character == '-' ||
         character == '*';
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

/// Length of the phone number at the start of `text`, or 0. Groups of digits may be separated by
/// one of " -./", and by brackets; a date is none.
std::size_t phone_length(std::string_view text) {
  const bool international = text[0] == '+';
  if (!international && !is_digit(text[0]) && text[0] != '(') return 0;
  std::size_t end = international ? 1 : 0;
  std::size_t at = end;
  std::size_t separators = 0;
  for (; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      end = at + 1;
      separators = 0;
    } else if (std::string_view(" -./()").find(text[at]) == std::string_view::npos ||
               ++separators > 2) {
      break;
    }
  }
  const std::string_view number = text.substr(0, end);
  const bool date = number.size() >= 10 && number[4] == '-' && number[7] == '-';
  const std::size_t digits = count_digits(number);
  return !date && digits >= (international ? kPhoneDigitsMin : kBareDigitsMin) ? end : 0;
}

bool looks_like_key(std::string_view word) {
  constexpr std::array<std::string_view, 7> kPrefixes = {
      "sk-", "sk_", "pk-", "gsk_", "AIza", "eyJ", "xai-"};
  const bool known = std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](auto prefix) {
    return word.size() > prefix.size() + 2 && word.starts_with(prefix);
  });
  const bool opaque = word.size() >= kOpaqueBytesMin && count_digits(word) >= 4 &&
                      std::any_of(word.begin(), word.end(), is_alpha) && !is_uuid(word);
  return known || opaque;
}

}  // namespace

std::string masked(std::string_view text) {
  const std::string line = one_line(to_valid_utf8(text));
  std::string_view rest = line;
  std::string safe;
  std::string previous;  // the word before, in lower case
  while (!rest.empty()) {
    if (const std::size_t phone = phone_length(rest);
        phone > 0 && (phone == rest.size() || !is_alpha(rest[phone]))) {
      safe += kMask;
      rest.remove_prefix(phone);
      continue;
    }
    const auto word_end = std::find_if_not(rest.begin(), rest.end(), is_key_character);
    const std::string_view word = rest.substr(0, static_cast<std::size_t>(word_end - rest.begin()));
    if (word.empty()) {
      safe += rest[0];
      rest.remove_prefix(1);
      continue;
    }
    const bool bearer = previous == "bearer" && word.size() >= 8;
    // A token may go on with dots, slashes and padding that a word does not hold.
    std::size_t length = word.size();
    if (bearer || looks_like_key(word)) {
      while (length < rest.size() &&
             (is_key_character(rest[length]) ||
              std::string_view("./+=~").find(rest[length]) != std::string_view::npos)) {
        ++length;
      }
      while (length > word.size() && rest[length - 1] == '.') --length;
      safe += kMask;
    } else {
      safe += word;
    }
    previous = lower_case(word);
    rest.remove_prefix(length);
  }
  return safe;
}

std::string without(std::string text, const Secret& secret) {
  const std::string& hidden = secret.reveal();
  if (hidden.empty()) return text;
  for (std::size_t at = 0; (at = text.find(hidden, at)) != std::string::npos; at += kMask.size()) {
    text.replace(at, hidden.size(), kMask);
  }
  return text;
}

std::string shortened(std::string_view line, std::size_t bytes_max) {
  constexpr std::string_view kEllipsis = "...";
  if (line.size() <= bytes_max || bytes_max < kEllipsis.size()) {
    return std::string(utf8_prefix(line, bytes_max));
  }
  return std::string(utf8_prefix(line, bytes_max - kEllipsis.size())).append(kEllipsis);
}

}  // namespace autoreply

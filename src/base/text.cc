#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

namespace autoreply {
namespace {

constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

bool is_space(char character) {
  return std::isspace(static_cast<unsigned char>(character)) != 0;
}

bool is_continuation(char character) {
  return (static_cast<unsigned char>(character) & 0xC0U) == 0x80U;
}

/// The length of a control character beyond ASCII at the beginning of `text`; 0 if there is none.
/// A terminal obeys those of C1, and marks of direction show a text in another order.
std::size_t wide_control_length(std::string_view text) {
  const auto byte = [text](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  if (byte(0) == 0xC2U && byte(1) >= 0x80U && byte(1) <= 0x9FU) return 2;
  if (byte(0) != 0xE2U) return 0;
  const bool embeds = byte(1) == 0x80U && byte(2) >= 0xAAU && byte(2) <= 0xAEU;    // U+202A to E
  const bool isolates = byte(1) == 0x81U && byte(2) >= 0xA6U && byte(2) <= 0xA9U;  // U+2066 to 9
  return embeds || isolates ? 3 : 0;
}

/// Length of the valid sequence at the start of `text`, or 0. Follows the table of well-formed
/// sequences in the Unicode Standard (table 3-7).
std::size_t sequence_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80U) return 1;
  std::size_t length = 0;
  unsigned char second_min = 0x80U;
  unsigned char second_max = 0xBFU;
  if (first >= 0xC2U && first <= 0xDFU) {
    length = 2;
  } else if (first >= 0xE0U && first <= 0xEFU) {
    length = 3;
    if (first == 0xE0U) second_min = 0xA0U;
    if (first == 0xEDU) second_max = 0x9FU;
  } else if (first >= 0xF0U && first <= 0xF4U) {
    length = 4;
    if (first == 0xF0U) second_min = 0x90U;
    if (first == 0xF4U) second_max = 0x8FU;
  } else {
    return 0;
  }
  if (text.size() < length) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  if (second < second_min || second > second_max) return 0;
  for (std::size_t at = 2; at < length; ++at) {
    if (!is_continuation(text[at])) return 0;
  }
  return length;
}

}  // namespace

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      valid += kReplacementCharacter;
      text.remove_prefix(1);
      continue;
    }
    if (text[0] != '\0') valid += text.substr(0, length);
    text.remove_prefix(length);
  }
  return valid;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && is_continuation(text[end])) --end;
  return text.substr(0, end);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  while (!text.empty()) {
    const char character = text.front();
    std::size_t blank = wide_control_length(text);
    if (is_space(character) || std::iscntrl(static_cast<unsigned char>(character)) != 0) blank = 1;
    if (blank == 0) {
      line += character;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
    text.remove_prefix(std::max<std::size_t>(blank, 1));
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_outside = [&](std::size_t at) {
    return at >= text.size() ||
           (std::isalnum(static_cast<unsigned char>(text[at])) == 0 && text[at] != '_');
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    if ((at == 0 || is_outside(at - 1)) && is_outside(at + word.size())) return true;
  }
  return false;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char character) {
    const bool is_upper = character >= 'A' && character <= 'Z';
    return static_cast<char>(is_upper ? character - 'A' + 'a' : character);
  });
  return lower;
}

}  // namespace autoreply

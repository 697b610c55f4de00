// Masks in one pass from left to right. Each step consumes a whole word or number or looks ahead by
// a bounded number of bytes, so the time is linear in the size of the text.

#include "base/masking.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "base/number_text.h"
#include "base/text.h"
#include "base/uuid.h"

namespace autoreply {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::size_t kUuidBytes = 36;
constexpr std::size_t kOpaqueBytesMin = 24;

bool is_digit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}
bool is_alpha(char character) {
  return std::isalpha(static_cast<unsigned char>(character)) != 0;
}
bool is_hex_digit(char character) {
  return std::isxdigit(static_cast<unsigned char>(character)) != 0;
}

bool is_key_character(char character) {
  return is_digit(character) || is_alpha(character) || character == '_' || character == '-' ||
         character == '*';
}

std::size_t word_length(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_key_character) -
                                  text.begin());
}

/// Accepts names like "claude-3-5-sonnet-20241022": each part is all letters, a few digits, or
/// short, and at least one part is a word.
bool is_made_of_names(std::string_view word) {
  constexpr std::size_t kDigitsMax = 8;
  constexpr std::size_t kMixedMax = 6;
  constexpr std::size_t kLettersMin = 3;
  bool has_word = false;
  while (!word.empty()) {
    const std::size_t end = std::min(word.find_first_of("-_"), word.size());
    const std::string_view part = word.substr(0, end);
    const bool letters = std::all_of(part.begin(), part.end(), is_alpha);
    const bool digits = std::all_of(part.begin(), part.end(), is_digit);
    has_word = has_word || (letters && part.size() >= kLettersMin);
    if (!letters && !(digits && part.size() <= kDigitsMax) && part.size() > kMixedMax) return false;
    word.remove_prefix(std::min(end + 1, word.size()));
  }
  return has_word;
}

bool looks_like_key(std::string_view word) {
  constexpr std::array<std::string_view, 7> kPrefixes = {
      "sk-", "sk_", "pk-", "gsk_", "AIza", "eyJ", "xai-"};
  const bool known = std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](auto prefix) {
    return word.size() > prefix.size() + 2 && word.starts_with(prefix);
  });
  if (known) return true;
  return word.size() >= kOpaqueBytesMin && std::count_if(word.begin(), word.end(), is_digit) >= 4 &&
         std::any_of(word.begin(), word.end(), is_alpha) && !is_made_of_names(word);
}

/// Accepts hashes like "0a876e4f12345678": hexadecimal digits that alternate between letters and
/// numbers several times and have no run of numbers as long as a phone number with its country
/// code.
bool is_hash(std::string_view word) {
  constexpr std::size_t kBytesMin = 7;
  constexpr int kChangesMin = 3;
  constexpr int kRunMax = 9;
  if (word.size() < kBytesMin || !std::all_of(word.begin(), word.end(), is_hex_digit)) return false;
  int changes = 0;
  int run = 0;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (at > 0 && is_digit(word[at]) != is_digit(word[at - 1])) ++changes;
    run = is_digit(word[at]) ? run + 1 : 0;
    if (run > kRunMax) return false;
  }
  return changes >= kChangesMin;
}

class Masker final {
 public:
  explicit Masker(std::string_view line) : line_(line) {}

  std::string safe() {
    while (at_ < line_.size()) {
      if (at_ >= word_end_ && read_word()) continue;
      if (read_number()) continue;
      copy(1);
    }
    return std::move(safe_);
  }

 private:
  void copy(std::size_t length) {
    safe_ += line_.substr(at_, length);
    at_ += length;
  }

  /// Consumes a word that is a key, a UUID or a hash. Only notes where any other word ends.
  bool read_word() {
    const std::string_view rest = line_.substr(at_);
    const std::size_t length = word_length(rest);
    if (length == 0) return false;
    const std::string_view word = rest.substr(0, length);
    const bool bearer = after_bearer_ && length >= 8;
    after_bearer_ = length == 6 && lower_case(word) == "bearer";
    if (length >= kUuidBytes && is_uuid(word.substr(0, kUuidBytes)) &&
        (length == kUuidBytes || !is_hex_digit(word[kUuidBytes]))) {
      copy(kUuidBytes);
      return true;
    }
    if (bearer || looks_like_key(word)) {
      at_ += key_length(rest, length);
      safe_ += kMask;
      return true;
    }
    if (is_hash(word)) {
      copy(length);
      return true;
    }
    word_end_ = at_ + length;
    return false;
  }

  /// Includes the dots, slashes and padding that a token may contain but a word does not.
  static std::size_t key_length(std::string_view rest, std::size_t word) {
    std::size_t length = word;
    while (length < rest.size() &&
           (is_key_character(rest[length]) ||
            std::string_view("./+=~").find(rest[length]) != std::string_view::npos)) {
      ++length;
    }
    while (length > word && rest[length - 1] == '.') --length;
    return length;
  }

  bool read_number() {
    if (const std::size_t length = harmless_number_length(line_, at_); length > 0) {
      copy(length);
      return true;
    }
    const std::size_t length = phone_number_length(line_.substr(at_));
    if (length == 0) return copy_digits();
    safe_ += kMask;
    at_ += length;
    return true;
  }

  /// Copies the digits of a number that is not a phone number, so that the scan never resumes in
  /// its middle.
  bool copy_digits() {
    std::size_t length = 0;
    while (at_ + length < line_.size() && is_digit(line_[at_ + length])) ++length;
    copy(length);
    return length > 0;
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t word_end_ = 0;  ///< end of the word that contains `at_`
  bool after_bearer_ = false;
  std::string safe_;
};

/// Returns how many bytes at the start of `text` stand for `byte`: plain, percent-encoded once or
/// twice, or escaped as in JSON. Returns 0 if none do.
std::size_t spelling_length(std::string_view text, char byte) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(byte);
  const auto is_code = [&](std::string_view hex) {
    return lower_case(hex) == std::string{kHexDigits[code >> 4U], kHexDigits[code & 0x0FU]};
  };
  if (text.empty()) return 0;
  if (text[0] == byte) return 1;
  if (text[0] == '+' && byte == ' ') return 1;
  if (text.size() >= 3 && text[0] == '%' && is_code(text.substr(1, 2))) return 3;
  if (text.size() >= 5 && text.starts_with("%25") && is_code(text.substr(3, 2))) return 5;
  if (text.size() >= 6 && text.starts_with("\\u00") && is_code(text.substr(4, 2))) return 6;
  if (text.size() >= 2 && text[0] == '\\' && text[1] == byte) return 2;
  return 0;
}

/// Whether `spelling_length` may be more than 0 for a text that begins so.
bool can_begin_spelling(char character, char byte) {
  return character == byte || character == '%' || character == '\\' || character == '+';
}

std::size_t secret_length(std::string_view text, std::string_view secret) {
  std::size_t length = 0;
  for (const char byte : secret) {
    const std::size_t spelling = spelling_length(text.substr(length), byte);
    if (spelling == 0) return 0;
    length += spelling;
  }
  return length;
}

}  // namespace

std::string masked(std::string_view text) {
  const std::string line = one_line(to_valid_utf8(text));
  return Masker(line).safe();
}

std::string without(std::string text, const Secret& secret) {
  const std::string& hidden = secret.reveal();
  if (hidden.empty()) return text;
  std::string safe;
  safe.reserve(text.size());
  for (std::string_view rest = text;;) {
    const auto* const found = std::find_if(rest.begin(), rest.end(), [&](char character) {
      return can_begin_spelling(character, hidden.front());
    });
    const auto plain = static_cast<std::size_t>(found - rest.begin());
    safe += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) return safe;
    const std::size_t length = secret_length(rest, hidden);
    safe += length == 0 ? rest.substr(0, 1) : kMask;
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

std::string shortened(std::string_view line, std::size_t bytes_max) {
  constexpr std::string_view kEllipsis = "...";
  if (line.size() <= bytes_max || bytes_max < kEllipsis.size()) {
    return std::string(utf8_prefix(line, bytes_max));
  }
  return std::string(utf8_prefix(line, bytes_max - kEllipsis.size())).append(kEllipsis);
}

}  // namespace autoreply

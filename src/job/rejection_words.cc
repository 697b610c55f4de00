#include "job/rejection_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "base/masking.h"
#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kWordsBytesMax = 200;
constexpr std::size_t kTextBytesMax = 1'000;
constexpr std::size_t kIdLettersMin = 16;

bool is_digit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

bool is_upper(char character) {
  return std::isupper(static_cast<unsigned char>(character)) != 0;
}

bool is_lower(char character) {
  return std::islower(static_cast<unsigned char>(character)) != 0;
}

/// Whether a character is part of a word or an id. Every byte beyond ASCII is.
bool is_part(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_' ||
         character == '-' || static_cast<unsigned char>(character) >= 0x80U;
}

/// A random id may happen to have no digit. Its prefix, its hexadecimal letters or its mixed case
/// gives it away.
bool is_id(std::string_view word) {
  constexpr auto kPrefixes = std::to_array<std::string_view>({"req_",
                                                              "req-",
                                                              "request-",
                                                              "chatcmpl-",
                                                              "gen-",
                                                              "msg_",
                                                              "call_",
                                                              "org-",
                                                              "org_",
                                                              "proj_",
                                                              "user-",
                                                              "user_",
                                                              "acc_",
                                                              "trace-"});
  if (std::any_of(word.begin(), word.end(), is_digit)) return true;
  if (std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
        return word.starts_with(prefix);
      })) {
    return true;
  }
  constexpr std::string_view kHexDigits = "abcdefABCDEF-";
  constexpr std::size_t kHexMin = 8;
  if (word.size() >= kHexMin && word.find_first_not_of(kHexDigits) == std::string_view::npos) {
    return true;
  }
  if (word.size() < kIdLettersMin) return false;
  std::size_t rises = 0;  // from lower to upper case, as in CamelCase
  for (std::size_t at = 1; at < word.size(); ++at) {
    if (is_lower(word[at - 1]) && is_upper(word[at])) ++rises;
  }
  return rises * 5 >= word.size();
}

void append_words(std::string_view text, std::string& words) {
  while (!text.empty() && words.size() <= kWordsBytesMax) {
    const auto end = std::find_if_not(text.begin(), text.end(), is_part);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    if (!word.empty() && !is_id(word)) {
      if (!words.empty()) words += ' ';
      words += lower_case(word);
    }
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
}

}  // namespace

std::string rejection_words(int status, std::string_view code, std::string_view text) {
  std::string words = status == 0 ? "" : std::to_string(status);
  append_words(masked(code.substr(0, kTextBytesMax)), words);
  append_words(masked(text.substr(0, kTextBytesMax)), words);
  return std::string(trimmed(utf8_prefix(words, kWordsBytesMax)));
}

}  // namespace autoreply

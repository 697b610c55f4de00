#include "base/sentence.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::array<std::string_view, 14> kAbbreviations = {
    "dr", "mr", "mrs", "ms", "st", "no", "vs", "etc", "e.g", "i.e", "approx", "inc", "jr", "sr"};

bool is_byte_of_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '.' ||
         static_cast<unsigned char>(character) >= 0x80U;
}

/// Whether the full stop at the end of `text` belongs to its last word and does not end a sentence.
bool is_point_of_word(std::string_view text, bool at_end) {
  const std::string_view before = text.substr(0, text.size() - 1);
  // Longer words are not abbreviations. The limit keeps the time linear.
  constexpr std::size_t kLastWordBytesMax = 16;
  std::size_t start = before.size();
  while (start > 0 && before.size() - start < kLastWordBytesMax &&
         is_byte_of_word(before[start - 1])) {
    --start;
  }
  const std::string word = lower_case(before.substr(start));
  if (word.empty()) return true;
  if (std::isdigit(static_cast<unsigned char>(word.back())) != 0) {
    // At the start of a line, "1." is a list number.
    return at_end || start == 0 || before[start - 1] == '\n';
  }
  const bool initial = word.size() == 1 || (word.size() > 2 && word[word.size() - 2] == '.');
  return initial ||
         std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

/// Length of a closing quote or bracket at the start of `text`, or 0.
std::size_t closing_length(std::string_view text) {
  constexpr std::array<std::string_view, 7> kClosing = {
      "\"", "'", ")", "]", "\u201D", "\u2019", "\u00BB"};
  const auto found = std::find_if(kClosing.begin(), kClosing.end(), [&](std::string_view mark) {
    return text.starts_with(mark);
  });
  return found == kClosing.end() ? 0 : found->size();
}

/// Length of a sentence-ending mark at `at`, or 0.
std::size_t mark_length(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 6> kMarks = {
      "!", "?", "\u2026", "\u3002", "\uFF01", "\uFF1F"};
  const std::string_view rest = text.substr(at);
  if (rest[0] == '.') {
    const bool at_end = rest.size() == 1;
    const bool ellipsis = at > 0 && text[at - 1] == '.';
    return !ellipsis && is_point_of_word(text.substr(0, at + 1), at_end) ? 0 : 1;
  }
  const auto found = std::find_if(
      kMarks.begin(), kMarks.end(), [&](std::string_view mark) { return rest.starts_with(mark); });
  return found == kMarks.end() ? 0 : found->size();
}

bool is_blank(char character) {
  return character == ' ' || character == '\n' || character == '\t';
}

}  // namespace

std::size_t last_sentence_end(std::string_view text) {
  std::size_t last = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n' && at > 0 && text[at - 1] != '\n') last = at;
    const std::size_t mark = mark_length(text, at);
    if (mark == 0) continue;
    std::size_t end = at + mark;
    while (end < text.size()) {
      const std::size_t closing = closing_length(text.substr(end));
      if (closing == 0) break;
      end += closing;
    }
    // Chinese and Japanese have no space after a full stop.
    const bool wide = mark == 3 && text.substr(at, mark) != "\u2026";
    if (end == text.size() || is_blank(text[end]) || wide) last = end;
  }
  return last;
}

}  // namespace autoreply

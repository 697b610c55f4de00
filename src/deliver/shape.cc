#include "deliver/shape.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <vector>

#include "base/graphemes.h"
#include "base/sentence.h"
#include "base/text.h"
#include "deliver/gsm_text.h"
#include "deliver/markdown.h"
#include "deliver/segments.h"

namespace autoreply {
namespace {

/// Only this much of a generated text is processed.
constexpr std::size_t kShapedBytesMin = 32UL << 10U;
constexpr std::size_t kShapedBytesPerUnit = 8;

bool is_lead_byte(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::string without_speaker(std::string_view text) {
  for (const std::string_view speaker : {"assistant:", "ai:", "reply:"}) {
    if (lower_case(text.substr(0, speaker.size())) == speaker) {
      return std::string(trimmed(text.substr(speaker.size())));
    }
  }
  return std::string(text);
}

/// Ends lines with line feeds only, allows at most one blank line in a row, and removes blanks at
/// line ends.
std::string with_clean_lines(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r') {
      if (at + 1 < text.size() && text[at + 1] == '\n') continue;
      clean += '\n';
    } else if (byte == '\t') {
      clean += ' ';
    } else if (byte == '\n') {
      while (clean.ends_with(' ')) clean.pop_back();
      if (!clean.ends_with("\n\n")) clean += '\n';
    } else if (byte == 0xC2U && at + 1 < text.size() &&
               static_cast<unsigned char>(text[at + 1]) < 0xA0U) {
      ++at;  // a C1 control character, U+0080 to U+009F
    } else if (byte >= ' ' && byte != 0x7FU) {
      clean += text[at];
    }
  }
  return clean;
}

bool fits(std::string_view text, const ReplyLimits& limits) {
  return utf16_units(text) <= limits.units_max &&
         (limits.segments_max == 0 || sms_size(text).segments <= limits.segments_max);
}

/// Returns the longest prefix of whole characters that fits. A prefix never needs more room than
/// the whole.
std::string_view fitting_prefix(std::string_view text, const ReplyLimits& limits) {
  const std::vector<std::size_t> ends = grapheme_ends(text);
  const auto first_too_long = std::partition_point(
      ends.begin(), ends.end(), [&](std::size_t end) { return fits(text.substr(0, end), limits); });
  return text.substr(0, first_too_long == ends.begin() ? 0 : *std::prev(first_too_long));
}

std::string_view cut(std::string_view text, const ReplyLimits& limits) {
  if (fits(text, limits)) return text;
  const std::string_view prefix = fitting_prefix(text, limits);
  // Cut at the end of a sentence only if that loses at most half of the room.
  if (const std::size_t end = last_sentence_end(prefix); end * 2 > prefix.size()) {
    return trimmed(prefix.substr(0, end));
  }
  const bool whole_word = std::isspace(static_cast<unsigned char>(text[prefix.size()])) != 0;
  const std::size_t blank = prefix.find_last_of(" \n");
  // Some languages have no blanks between words.
  const bool has_words = blank != std::string_view::npos && blank * 2 > prefix.size();
  if (whole_word || !has_words) return trimmed(prefix);
  return trimmed(prefix.substr(0, blank));
}

}  // namespace

std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char byte : text) {
    if (is_lead_byte(byte)) units += static_cast<unsigned char>(byte) >= 0xF0U ? 2U : 1U;
  }
  return units;
}

std::string shaped_for_sms(std::string_view text, const ReplyLimits& limits) {
  // Text beyond this limit could not be sent anyway, and the limit bounds the work.
  const std::size_t bytes_max = std::max(kShapedBytesMin, limits.units_max * kShapedBytesPerUnit);
  const std::string valid = to_valid_utf8(utf8_prefix(trimmed(text), bytes_max));
  const std::string clean = with_clean_lines(gsm_look_alikes(valid));
  const std::string plain = with_clean_lines(without_markdown(clean));
  return std::string(cut(trimmed(without_speaker(trimmed(plain))), limits));
}

}  // namespace autoreply

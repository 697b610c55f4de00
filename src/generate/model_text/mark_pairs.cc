#include "generate/model_text/mark_pairs.h"

#include <algorithm>
#include <cctype>

namespace autoreply {
namespace {

bool closes_block(Mark::Kind kind) {
  return kind == Mark::Kind::thought_closes || kind == Mark::Kind::tool_closes ||
         kind == Mark::Kind::answer_closes;
}

bool opens_block(Mark::Kind kind) {
  return kind == Mark::Kind::thought_opens || kind == Mark::Kind::tool_opens ||
         kind == Mark::Kind::answer_opens;
}

bool is_letter_like(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte >= 0x80U || std::isalnum(byte) != 0;
}

}  // namespace

MarkPairs::MarkPairs(std::string_view text) : text_(text) {
  std::size_t at = next_mark_start(text, 0);
  while (at < text.size()) {
    const Mark mark = mark_at(text.substr(at));
    if (closes_block(mark.kind)) last_closing_[mark.name] = at;
    at = next_mark_start(text, at + std::max<std::size_t>(mark.length, 1));
  }
}

bool MarkPairs::counts(const Mark& mark, std::size_t at, bool begins) {
  if (opens_block(mark.kind)) {
    const bool counted = !mark.doubtful || opening_counts(mark, at, begins);
    if (counted) ++open_[mark.name];
    return counted;
  }
  if (closes_block(mark.kind)) {
    const auto open = open_.find(mark.name);
    if (open == open_.end() || open->second == 0) return !mark.doubtful;
    --open->second;
    return true;
  }
  return !mark.doubtful || ends_text(at);
}

bool MarkPairs::opening_counts(const Mark& mark, std::size_t at, bool begins) const {
  const auto closing = last_closing_.find(mark.name);
  if (closing != last_closing_.end() && closing->second > at) return true;
  if (!begins || mark.name.find('_') != std::string::npos || mark.name.starts_with('[')) {
    return false;
  }
  const std::string_view next = text_.substr(at + mark.length);
  return next.empty() || next.front() == '\n' || next.front() == '{' ||
         is_letter_like(next.front());
}

/// Whether the mark ends the text. A model stops after a sentence, but "text <END> to stop"
/// continues one.
bool MarkPairs::ends_text(std::size_t at) const {
  if (at == 0) return true;
  const char before = text_[at - 1];
  if (before != ' ') return true;
  const std::size_t last = text_.substr(0, at).find_last_not_of(' ');
  return last == std::string_view::npos || text_[last] == '\n' ||
         std::string_view(".!?)\"'").find(text_[last]) != std::string_view::npos;
}

}  // namespace autoreply

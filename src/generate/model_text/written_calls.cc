#include "generate/model_text/written_calls.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>

#include "base/text.h"
#include "generate/model_text/bare_calls.h"
#include "generate/model_text/fences.h"

namespace autoreply {
namespace {

constexpr std::size_t kAbsent = std::string_view::npos;
constexpr std::string_view kFence = "```";
constexpr std::size_t kCalledNameBytesMax = 64;
/// Limits how often each byte may be examined on average, which keeps the search linear.
constexpr std::size_t kLooksMax = 16;

template <std::size_t N>
bool is_any(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_blank(char character) {
  return std::isspace(static_cast<unsigned char>(character)) != 0;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

/// Accepts letters, digits and a few marks without spaces: "lookup_hours", "functions.lookup".
bool is_function_name(std::string_view name) {
  return !name.empty() && name.size() <= kCalledNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](char character) {
           return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
                  std::string_view("_.:/-").find(character) != kAbsent;
         });
}

/// Scans the keys at the outermost level of an object. Reads JSON and the repr of a Python dict
/// alike and tolerates any mistake, because a model's call need not be valid.
class ObjectScan final {
 public:
  /// `text[at]` must be the opening brace.
  ObjectScan(std::string_view text, std::size_t at) : text_(text), start_(at), end_(at) {
    const std::size_t first = skip_blanks(text, at + 1);
    if (first < text.size() && text[first] == '\'') quote_ = '\'';
    run();
  }

  [[nodiscard]] bool is_call() const { return wraps_call_ || (has_name_ && has_arguments_); }
  [[nodiscard]] bool is_complete() const { return complete_; }
  /// After the closing brace, or the end of the text.
  [[nodiscard]] std::size_t end() const { return end_; }
  [[nodiscard]] std::size_t looked_at() const { return end_ - start_; }

 private:
  void run() {
    std::size_t depth = 0;
    while (end_ < text_.size()) {
      const char character = text_[end_];
      if (character == quote_) {
        const std::size_t open = end_;
        skip_string();
        if (depth == 1) note_key(text_.substr(open + 1, end_ - open - 2));
        continue;
      }
      ++end_;
      if (character == '{' || character == '[') {
        ++depth;
      } else if ((character == '}' || character == ']') && --depth == 0) {
        complete_ = true;
        return;
      }
    }
  }

  void skip_string() {
    for (++end_; end_ < text_.size(); ++end_) {
      if (text_[end_] == '\\') {
        ++end_;
      } else if (text_[end_] == quote_) {
        break;
      }
    }
    end_ = std::min(end_ + 1, text_.size());
  }

  /// `end_` must follow a string of the outermost level. The string is a key if a colon follows.
  void note_key(std::string_view key) {
    std::size_t at = skip_blanks(text_, end_);
    if (at >= text_.size() || text_[at] != ':') return;
    at = skip_blanks(text_, at + 1);
    if (at >= text_.size()) return;
    const char first = text_[at];
    const bool is_object = first == '{';
    const bool is_list = first == '[';
    const bool is_string = first == quote_;
    constexpr auto kNames = std::to_array<std::string_view>({"name",
                                                             "function",
                                                             "tool",
                                                             "tool_name",
                                                             "function_name",
                                                             "action",
                                                             "recipient_name",
                                                             "toolName"});
    constexpr auto kArguments = std::to_array<std::string_view>({"arguments",
                                                                 "parameters",
                                                                 "args",
                                                                 "kwargs",
                                                                 "params",
                                                                 "input",
                                                                 "tool_args",
                                                                 "tool_arguments",
                                                                 "tool_input",
                                                                 "action_input"});
    constexpr auto kWrappers = std::to_array<std::string_view>(
        {"function", "function_call", "tool_calls", "tool_uses", "function_calls"});
    if (is_any(key, kNames) && is_string) {
      const std::string_view value = text_.substr(at + 1, kCalledNameBytesMax + 1);
      has_name_ = has_name_ || is_function_name(value.substr(0, value.find(quote_)));
    }
    if (is_any(key, kArguments)) {
      const bool json_in_string = is_string && skip_blanks(text_, at + 1) < text_.size() &&
                                  text_[skip_blanks(text_, at + 1)] == '{';
      const bool is_null = text_.substr(at).starts_with("null");
      has_arguments_ = has_arguments_ || is_object || is_list || is_null || json_in_string ||
                       (is_string && key.ends_with("_input"));
    }
    wraps_call_ = wraps_call_ || (is_any(key, kWrappers) && (is_object || is_list));
  }

  std::string_view text_;
  std::size_t start_;
  std::size_t end_;
  char quote_ = '"';
  bool has_name_ = false;
  bool has_arguments_ = false;
  bool wraps_call_ = false;
  bool complete_ = false;
};

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Returns the start of a code fence if only the fence's language stands between it and `at`;
/// otherwise `at`.
std::size_t fence_before(std::string_view text, std::size_t at) {
  constexpr std::size_t kOpeningBytesMax = 24;
  const std::size_t from = at - std::min(at, kOpeningBytesMax);
  const std::size_t found = text.substr(from, at - from).rfind(kFence);
  if (found == kAbsent) return at;
  const std::size_t fence = from + found;
  const std::size_t name = fence + kFence.size();
  const std::string_view language = trimmed(text.substr(name, at - name));
  return std::all_of(language.begin(),
                     language.end(),
                     [](unsigned char character) {
                       return std::isalnum(character) != 0 || character == '_';
                     })
             ? fence
             : at;
}

/// Returns the range of consecutive calls that begin at `at`, with the brackets and the fence
/// around them.
Span whole_call(std::string_view text, std::size_t at, std::size_t end, std::size_t& looks) {
  Span span{at, end};
  for (;;) {
    std::size_t next = skip_blanks(text, span.end);
    if (next < text.size() && (text[next] == ',' || text[next] == ';')) {
      next = skip_blanks(text, next + 1);
    }
    if (next >= text.size() || text[next] != '{') break;
    const ObjectScan scan(text, next);
    looks += scan.looked_at();
    if (!scan.is_call()) break;
    span.end = scan.end();
  }
  while (span.begin > 0 && is_blank(text[span.begin - 1])) --span.begin;
  if (span.begin > 0 && text[span.begin - 1] == '[') {
    --span.begin;
    const std::size_t close = skip_blanks(text, span.end);
    if (close < text.size() && text[close] == ']') span.end = close + 1;
    constexpr std::string_view kPhi = "functools";
    if (text.substr(0, span.begin).ends_with(kPhi)) span.begin -= kPhi.size();
  }
  const std::size_t fence = fence_before(text, span.begin);
  if (fence != span.begin) {
    span.begin = fence;
    const std::size_t close = skip_blanks(text, span.end);
    if (text.substr(close).starts_with(kFence)) span.end = close + kFence.size();
  }
  return span;
}

bool remove_objects(std::string& text) {
  const std::string_view all = text;
  std::string kept;
  std::size_t copied = 0;
  std::size_t looks = 0;
  bool found = false;
  std::size_t at = all.find('{');
  while (at != kAbsent && looks <= kLooksMax * all.size()) {
    const ObjectScan scan(all, at);
    looks += scan.looked_at();
    std::size_t next = scan.is_complete() ? scan.end() : at + 1;
    if (scan.is_call()) {
      found = true;
      const Span span = whole_call(all, at, scan.end(), looks);
      const std::size_t begin = std::max(span.begin, copied);
      kept += all.substr(copied, begin - copied);
      if (!kept.empty()) kept += ' ';
      copied = span.end;
      next = span.end;
    }
    at = all.find('{', next);
  }
  if (!found) return false;
  kept += all.substr(copied);
  text = std::move(kept);
  return true;
}

/// Gemma writes Python into a fence with the label "tool_code".
bool opens_tool_fence(std::string_view info) {
  return info.starts_with("tool");
}

/// Returns the start of a line that begins with `label`, or `kAbsent`.
std::size_t line_with(std::string_view text, std::string_view label) {
  if (text.starts_with(label)) return 0;
  const std::size_t at = text.find("\n" + std::string(label));
  return at == kAbsent ? kAbsent : at + 1;
}

/// Whether an action such as "lookup[Sunday]" names a tool with arguments. After a thought, the
/// name alone is enough, as is a name with an underscore.
bool names_tool(std::string_view line, bool after_thought) {
  const auto end = std::find_if_not(line.begin(), line.end(), [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '_' || character == '.';
  });
  const auto length = static_cast<std::size_t>(end - line.begin());
  if (length == 0) return false;
  const std::string_view rest = line.substr(length);
  if (rest.empty()) return after_thought || line.find('_') != kAbsent;
  return (rest.front() == '[' && rest.back() == ']') || (rest.front() == '(' && rest.back() == ')');
}

/// Removes "Thought: … Action: … Action Input: …" but keeps the text after "Final Answer:". Returns
/// true if a call was removed.
bool remove_react(std::string& text) {
  constexpr std::string_view kFinalAnswer = "Final Answer:";
  constexpr std::string_view kAction = "Action:";
  const std::string_view all = text;
  const std::size_t thought = line_with(all, "Thought:");
  const std::size_t action = line_with(all, kAction);
  bool acts = action != kAbsent && line_with(all, "Action Input:") != kAbsent;
  if (action != kAbsent) {
    const std::string_view rest = all.substr(action + kAction.size());
    acts = acts || names_tool(trimmed(rest.substr(0, rest.find('\n'))), thought == 0);
  }
  const std::size_t final = line_with(all, kFinalAnswer);
  if (final != kAbsent && (acts || thought == 0)) {
    text = std::string(all.substr(final + kFinalAnswer.size()));
    return false;
  }
  if (!acts) return false;
  text.resize(std::min(action, thought));
  return true;
}

}  // namespace

bool remove_written_calls(std::string& text) {
  bool found = remove_fences(text, opens_tool_fence);
  found = remove_react(text) || found;
  found = remove_objects(text) || found;
  if (is_bare_call(text)) {
    text.clear();
    found = true;
  }
  return found;
}

}  // namespace autoreply

#include "generate/model_text/call_wording.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr std::size_t kWordingBytesMax = 200;
constexpr std::size_t kAbsentWord = std::string_view::npos;

bool is_label(std::string_view word) {
  constexpr auto kLabels = std::to_array<std::string_view>(
      {"tool",   "tools",     "call",      "calls",    "calling",    "action",
       "json",   "python",    "xml",       "function", "to",         "functions",
       "args",   "argument",  "arguments", "input",    "parameters", "name",
       "invoke", "assistant", "request",   "toolcall", "executing"});
  const std::string plain = lower_case(word);
  return std::find(kLabels.begin(), kLabels.end(), plain) != kLabels.end() ||
         plain.find('_') != std::string::npos || plain.starts_with("functions.");
}

/// Whether a tool's name follows this word and a colon.
bool names_a_tool(std::string_view word) {
  const std::string plain = lower_case(word);
  return plain == "tool" || plain == "function" || plain == "action";
}

bool is_word_part(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return std::isalnum(byte) != 0 || byte >= 0x80U || character == '_' || character == '.' ||
         character == '-';
}

/// Returns the length of a tag or of "[ARGS]" at the start of `text`, or 0.
std::size_t bracket_length(std::string_view text) {
  constexpr std::string_view kArguments = "[ARGS]";
  if (text.starts_with(kArguments)) return kArguments.size();
  if (text.size() < 2 || text.front() != '<') return 0;
  const char first = text[text[1] == '/' ? std::min<std::size_t>(2, text.size() - 1) : 1];
  const std::size_t end = text.find_first_of("<>", 1);
  const bool is_tag = std::isalpha(static_cast<unsigned char>(first)) != 0 || first == '|';
  return is_tag && end != kAbsentWord && text[end] == '>' ? end + 1 : 0;
}

/// Accepts "weather": no reply is a single word in lower case, except short ones such as "yes".
bool is_lone_name(std::string_view text) {
  constexpr std::size_t kNameBytesMin = 4;
  return text.size() >= kNameBytesMin &&
         std::islower(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(), [](unsigned char character) {
           return std::isalnum(character) != 0 || character == '_';
         });
}

}  // namespace

bool is_call_wording(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kWordingBytesMax) return false;
  if (is_lone_name(text)) return true;
  bool named = false;    // "Tool call:" precedes, so any name may follow
  int labels = 0;        // number of consecutive labels
  bool certain = false;  // the last label implies a tool on its own
  while (!text.empty()) {
    if (const std::size_t length = bracket_length(text); length > 0) {
      text.remove_prefix(length);
      continue;
    }
    const auto end = std::find_if_not(text.begin(), text.end(), is_word_part);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length == 0) {
      if (text.front() == ':') named = certain || labels > 1;
      if (text.front() == '$' || text.front() == '@') return false;
      text.remove_prefix(1);
      continue;
    }
    std::string_view word = text.substr(0, length);
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
    const bool label = word.empty() || is_label(word);
    const bool name = named && std::isalpha(static_cast<unsigned char>(text.front())) != 0;
    if (!label && !name) return false;
    certain = names_a_tool(word);
    labels = label ? labels + 1 : 0;
    named = false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace autoreply

#include "generate/model_text/json_answer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <simdjson.h>

#include "base/json_fields.h"
#include "base/text.h"
#include "generate/model_text/call_wording.h"
#include "generate/model_text/fences.h"

namespace autoreply {
namespace {

using simdjson::dom::element;

constexpr auto kThoughtKeys = std::to_array<std::string_view>({"thinking",
                                                               "think",
                                                               "thought",
                                                               "thoughts",
                                                               "reasoning",
                                                               "reasoning_content",
                                                               "analysis",
                                                               "rationale",
                                                               "chain_of_thought"});

/// Escapes line breaks within strings. Models write them although JSON forbids them.
std::string with_escaped_breaks(std::string_view json) {
  constexpr unsigned char kControlEnd = 0x20;
  std::string strict;
  bool in_string = false;
  bool escaped = false;
  for (const char character : json) {
    const bool control = static_cast<unsigned char>(character) < kControlEnd;
    if (in_string && control) {
      strict += character == '\n' ? "\\n" : " ";
      escaped = false;
      continue;
    }
    strict += character;
    if (character == '"' && !escaped) in_string = !in_string;
    escaped = in_string && character == '\\' && !escaped;
  }
  return strict;
}

/// Returns the first value among these keys that is a string and not blank.
template <std::size_t N>
std::optional<std::string> string_of(element fields, const std::array<std::string_view, N>& keys) {
  for (const std::string_view key : keys) {
    if (const std::string_view text = view_of(fields, key); !trimmed(text).empty()) {
      return std::string(text);
    }
  }
  return std::nullopt;
}

JsonAnswer read_object(element fields) {
  constexpr auto kReplies = std::to_array<std::string_view>(
      {"response", "reply", "answer", "final_answer", "final_response"});
  // Tool parameters have these names as well.
  constexpr auto kTexts = std::to_array<std::string_view>({"message", "text", "content"});
  constexpr auto kToolNames = std::to_array<std::string_view>(
      {"tool", "tool_name", "function", "function_name", "recipient_name"});
  if (auto reply = string_of(fields, kReplies)) return {std::move(*reply)};
  const bool passes = field_of(fields, "arguments") || field_of(fields, "parameters");
  if (!passes && !string_of(fields, kToolNames)) {
    if (auto text = string_of(fields, kTexts)) return {std::move(*text)};
  }
  return {"", true};
}

bool is_list_of_objects(element document) {
  const auto list = elements_of(document);
  return !list.empty() &&
         std::all_of(list.begin(), list.end(), [](element entry) { return entry.is_object(); });
}

/// Whether the text before the JSON only announces a call: "Tool call:", "lookup_hours",
/// "lookupHours".
bool announces_call(std::string_view before) {
  const auto is_part = [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '_' || character == '.';
  };
  return is_call_wording(before) || std::all_of(before.begin(), before.end(), is_part);
}

/// Whether the text before the JSON says nothing about a call.
bool is_format_word(std::string_view before) {
  const std::string word = lower_case(trimmed(before));
  return word.empty() || word == "json" || word == "assistant";
}

/// Accepts reasoning that was cut off, which contains no reply: `{"thinking": "They as`.
bool is_cut_thought(std::string_view json) {
  const std::size_t open = json.find('"');
  if (open == std::string_view::npos || !trimmed(json.substr(1, open - 1)).empty()) return false;
  const std::string_view rest = json.substr(open + 1, 32);
  const std::size_t close = rest.find('"');
  if (close == std::string_view::npos || !trimmed(rest.substr(close + 1)).starts_with(':')) {
    return false;
  }
  const std::string_view key = rest.substr(0, close);
  return std::find(kThoughtKeys.begin(), kThoughtKeys.end(), key) != kThoughtKeys.end();
}

}  // namespace

std::optional<JsonAnswer> json_answer(std::string_view text) {
  text = without_fence(text);
  const std::size_t start = text.starts_with('[') && text.ends_with(']') ? 0 : text.find('{');
  if (start == std::string_view::npos) return std::nullopt;
  const std::size_t end = text.find_last_of("}]");
  const std::string_view before = text.substr(0, start);
  if (!announces_call(before)) return std::nullopt;
  // A fence or a tag that opened before the JSON may close after it.
  const bool closed = end != std::string_view::npos && is_call_wording(text.substr(end + 1));
  const std::string_view json = text.substr(start, closed ? end + 1 - start : text.size());
  simdjson::dom::parser parser;
  const auto document = try_parse(parser, with_escaped_breaks(json));
  if (!document) {
    return start == 0 && is_cut_thought(json) ? std::make_optional<JsonAnswer>() : std::nullopt;
  }
  if (is_list_of_objects(*document)) return JsonAnswer{"", true};
  if (!document->is_object()) return std::nullopt;
  return is_format_word(before) ? read_object(*document) : JsonAnswer{"", true};
}

std::optional<JsonAnswer> bare_json_answer(std::string_view text) {
  const std::string_view inside = without_fence(text);
  if (!inside.starts_with('{') && !inside.starts_with('[')) return std::nullopt;
  return json_answer(inside);
}

}  // namespace autoreply

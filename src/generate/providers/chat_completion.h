#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generate/provider.h"

namespace autoreply {

/// How an answer ended, according to the provider.
enum class Finish { complete, length, filtered, refused, tool_call, server_cut, other };

/// The relevant parts of a chat completion. Any field may be missing in the answer.
struct ChatCompletion {
  std::string text;  ///< valid UTF-8, as the model printed it; may be blank
  Finish finish = Finish::other;
  std::string finish_word;  ///< as the provider wrote it
  std::string model;
  std::optional<TokenUsage> usage;
  std::optional<double> cost_dollars;  ///< reported by OpenRouter
  bool has_choice = false;
  bool refuses = false;      ///< a refusal replaces the text
  bool calls_tools = false;  ///< with or without a text
  bool has_error = false;    ///< an error object replaces the answer
};

/// Parses the body of an answer with a 2xx status. Empty if it is not JSON, not UTF-8, cut off, or
/// not a chat completion. Pure. Accepts OpenAI's reference format and the deviations of its
/// imitators: content in parts, no choices at all, an unrequested event stream, a byte order mark,
/// cache counts under other names. The first of duplicate keys counts.
[[nodiscard]] std::optional<ChatCompletion> parse_chat_completion(std::string_view body);

}  // namespace autoreply

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generate/provider.h"

namespace autoreply {

/// How a provider says that its answer ended.
enum class Finish { complete, length, filtered, refused, tool_call, server_cut, other };

/// The parts of a chat completion that matter here. No field need be present in the answer.
struct ChatCompletion {
  std::string text;  ///< valid UTF-8, as the model printed it; may be blank
  Finish finish = Finish::other;
  std::string finish_word;  ///< as the provider wrote it
  std::string model;
  std::optional<TokenUsage> usage;
  std::optional<double> cost_dollars;  ///< reported by OpenRouter
  bool has_choice = false;
  bool refuses = false;      ///< a refusal in the place of a text
  bool calls_tools = false;  ///< with or without a text
  bool has_error = false;    ///< an error object stands in place of an answer
};

/// Reads the body of an answer with status 2xx. Empty for what is not JSON, not UTF-8, cut off, or
/// no chat completion. Pure. Shapes: OpenAI's reference, and what other speakers of it do
/// differently (content in parts, no choices at all, an event stream that was not asked for, a
/// byte order mark, cache counts under other names). Of a key that is there twice, the first
/// counts.
[[nodiscard]] std::optional<ChatCompletion> parse_chat_completion(std::string_view body);

}  // namespace autoreply

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
  std::string text;  ///< valid UTF-8; without reasoning; may be blank
  Finish finish = Finish::other;
  std::string finish_word;  ///< as the provider wrote it
  std::string model;
  std::optional<TokenUsage> usage;
  std::optional<double> cost_dollars;  ///< reported by OpenRouter
  bool has_choice = false;
  bool has_error = false;  ///< an error object stands in place of the choices
};

/// Reads the body of an answer with status 200. Empty for what is not JSON, not UTF-8 or cut off.
/// Pure. Shapes: OpenAI's reference, and what other speakers of it do differently (content in
/// chunks, reasoning inside `<think>`, cache counts under other names).
[[nodiscard]] std::optional<ChatCompletion> parse_chat_completion(std::string_view body);

}  // namespace autoreply

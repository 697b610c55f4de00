#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generate/token_usage.h"

namespace autoreply {

/// How an answer ended, according to the provider.
enum class Finish { complete, length, filtered, refused, tool_call, server_cut, other };

/// The relevant parts of a provider's answer with a 2xx status, whatever its format. Any of them
/// may be missing.
struct ModelAnswer {
  std::string text;  ///< valid UTF-8, as the model printed it without its reasoning; may be blank
  Finish finish = Finish::other;
  std::string finish_word;  ///< as the provider wrote it
  std::string model;
  std::optional<TokenUsage> usage;
  std::optional<double> cost_dollars;  ///< if the provider reports it
  bool has_choice = false;
  bool refuses = false;      ///< a refusal replaces the text
  bool calls_tools = false;  ///< with or without a text
  bool has_error = false;    ///< an error object replaces the answer

  /// Notes the word that tells how the answer ended. An empty one is ignored.
  void end_with(std::string_view word);
};

/// Returns what a word of any provider for the end of an answer means, in any case. All share one
/// list, because gateways pass other providers' words on.
[[nodiscard]] Finish finish_of(std::string_view word);

}  // namespace autoreply

#pragma once

#include <string>
#include <string_view>

#include "generate/provider.h"

namespace autoreply {

/// A provider. Most rows say how one implementation of OpenAI's chat completions differs from the
/// others; a provider with another protocol has a function of its own. Source of the rows: the
/// vendors' SDKs and documentation, state of November 2026.
struct ProviderProfile {
  std::string_view name;
  GenerateFunction generate;
  std::string_view path = "/chat/completions";  ///< of its requests, below the base URL
  bool offline = false;                         ///< needs no address, key and model
  std::string_view base_url = {};      ///< its own address; empty: the workspace must name one
  std::string_view key_variable = {};  ///< of the operator's own key
  bool key_required = true;            ///< at its own address
  /// The field that limits the reply. Servers that know only the older field silently ignore the
  /// newer one.
  std::string_view token_field = "max_completion_tokens";
  std::string_view key_header = "Authorization";
  std::string_view prices_of = {};  ///< the provider whose price list applies
  /// JSON to merge into the request: turns off reasoning, which is never sent. Empty: nothing.
  std::string_view no_thinking = {};
};

/// Finds a profile by name, in any case. Returns null if there is none.
[[nodiscard]] const ProviderProfile* find_provider(std::string_view name);

/// Returns all names for messages: "openai, azure, …, echo".
[[nodiscard]] std::string available_providers();

}  // namespace autoreply

#pragma once

#include <string>
#include <string_view>

namespace autoreply {

/// What tells one speaker of OpenAI's chat completions from another. Source of the rows:
/// the vendors' SDKs and documentation, state of November 2026.
struct ProviderProfile {
  std::string_view name;
  std::string_view base_url = {};      ///< its own address; empty: the workspace must name one
  std::string_view key_variable = {};  ///< of the operator's own key
  bool key_required = true;            ///< at its own address
  /// The field that limits the reply. Those that know only the older one ignore the newer silently.
  std::string_view token_field = "max_completion_tokens";
  std::string_view key_header = "Authorization";
  std::string_view prices_of = {};  ///< whose price list counts
  /// A switch of the request, as JSON, that turns off reasoning nobody reads; empty: none.
  std::string_view no_thinking = {};
};

/// The profile of that name, in any case; null where there is none.
[[nodiscard]] const ProviderProfile* find_provider(std::string_view name);

/// All names, for messages: "openai, azure, …, echo".
[[nodiscard]] std::string available_providers();

/// Answers offline; speaks nothing and has no profile.
inline constexpr std::string_view kEchoProvider = "echo";

}  // namespace autoreply

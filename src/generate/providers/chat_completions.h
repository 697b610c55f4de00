#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_fields.h"
#include "generate/provider.h"

// OpenAI's chat completions, which most providers imitate. Each provider's file says in what it
// differs.

namespace autoreply {

/// Returns `<base>/chat/completions`.
[[nodiscard]] Result<std::string> chat_address(const std::string& base_url, std::string_view model);

/// Returns `Authorization: Bearer <key>`; nothing without a key.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> bearer_headers(const Secret& key);

/// The fields that limit the length of a reply. Servers that know only the older one silently
/// ignore the newer one; OpenAI's reasoning models reject the older one.
inline constexpr std::string_view kNewTokenField = "max_completion_tokens";
inline constexpr std::string_view kOldTokenField = "max_tokens";

/// Returns the fields that every provider accepts: model, messages, temperature if the model takes
/// one, and the token limit. `token_field` is the provider's first choice.
[[nodiscard]] nlohmann::ordered_json chat_request(const Conversation& conversation,
                                                  const GenerationRequest& request,
                                                  std::string_view token_field);

/// Reads a chat completion in OpenAI's format with the deviations of its imitators: content in
/// parts, no choices at all, cache counts under other names.
[[nodiscard]] std::optional<ModelAnswer> read_chat_completion(std::string_view body);

}  // namespace autoreply

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generate/provider.h"

// OpenAI's Responses, the newer protocol of OpenAI and Azure.

namespace autoreply {

/// Whether a base URL names this protocol: its path ends with /responses.
[[nodiscard]] bool is_responses_address(const std::string& base_url);

[[nodiscard]] std::string responses_request(const Conversation& conversation,
                                            const GenerationRequest& request);

/// Reads an answer of this protocol or a chat completion.
[[nodiscard]] std::optional<ModelAnswer> read_either_protocol(std::string_view body);

}  // namespace autoreply

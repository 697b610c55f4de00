#pragma once

#include "generate/provider.h"
#include "generate/provider_table.h"

namespace autoreply {

/// Builds the JSON body of a chat completion request. Pure.
[[nodiscard]] std::string chat_request_body(const Conversation& conversation,
                                            const GenerationRequest& request,
                                            const ProviderProfile& profile);

/// Returns how many tokens an attempt may use: the workspace's number, or 600, doubled with every
/// attempt up to 8,192, because an earlier attempt may have been cut or spent on hidden reasoning.
/// A larger number of the workspace is kept.
[[nodiscard]] int token_budget(const GenerationRequest& request);

/// Calls OpenAI's chat completions or a compatible server. Sends one request per call and never
/// repeats it.
[[nodiscard]] GenerationOutcome ask_chat_completions(const ProviderProfile& profile,
                                                     const Conversation& conversation,
                                                     const GenerationRequest& request,
                                                     HttpSender& http,
                                                     const std::stop_token& stop);

}  // namespace autoreply

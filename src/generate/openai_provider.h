#pragma once

#include "generate/provider.h"
#include "generate/provider_table.h"

namespace autoreply {

/// The JSON body of a chat completion request. Pure.
[[nodiscard]] std::string chat_request_body(const Conversation& conversation,
                                            const GenerationRequest& request,
                                            const ProviderProfile& profile);

/// How many tokens an attempt may take: what the workspace says, or 600, doubled with every attempt
/// up to 8,192, since an earlier one may have been cut or spent on hidden reasoning. A workspace's
/// own larger number is kept.
[[nodiscard]] int token_budget(const GenerationRequest& request);

/// OpenAI's chat completions, and whoever speaks them. One request a call, never repeated here.
class OpenAiProvider final : public Provider {
 public:
  /// `profile` must outlive the provider.
  explicit OpenAiProvider(const ProviderProfile& profile) : profile_(profile) {}

  [[nodiscard]] GenerationOutcome generate(const Conversation& conversation,
                                           const GenerationRequest& request,
                                           HttpClient& http,
                                           const std::stop_token& stop) const override;

 private:
  const ProviderProfile& profile_;
};

}  // namespace autoreply

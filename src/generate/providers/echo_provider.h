#pragma once

#include "generate/provider.h"

namespace autoreply {

/// Answers offline and deterministically: "You said: " and the message, cut to fit an SMS. For
/// demos and smoke tests. Counts four bytes as one token.
[[nodiscard]] GenerationOutcome echo(const ProviderProfile& profile,
                                     const Conversation& conversation,
                                     const GenerationRequest& request,
                                     HttpSender& http,
                                     const std::stop_token& stop);

}  // namespace autoreply

#pragma once

#include "generate/provider.h"

namespace autoreply {

/// Answers offline and deterministically: "You said: " and the message, cut to fit an SMS. For
/// demos and smoke tests. Counts four bytes as one token.
class EchoProvider final : public Provider {
 public:
  [[nodiscard]] GenerationOutcome generate(const Conversation& conversation,
                                           const GenerationRequest& request,
                                           HttpSender& http,
                                           const std::stop_token& stop) const override;
};

}  // namespace autoreply

#pragma once

#include "generate/provider.h"

namespace autoreply {

/// Answers offline and always the same: "You said: " and the message, which is cut to fit an SMS.
/// For demos and smoke tests. Counts four bytes as a token.
class EchoProvider final : public Provider {
 public:
  [[nodiscard]] GenerationOutcome generate(const Conversation& conversation,
                                           const GenerationRequest& request,
                                           HttpClient& http,
                                           const std::stop_token& stop) const override;
};

}  // namespace autoreply

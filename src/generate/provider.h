#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "generate/token_usage.h"
#include "job/answer.h"
#include "job/conversation.h"
#include "net/api_keys.h"
#include "net/http_client.h"

namespace autoreply {

/// Where a provider is called, and with which key.
struct Endpoint {
  std::string base_url;
  bool built_in = false;  ///< the provider's own address, not a tenant's
  AddressPolicy policy = AddressPolicy::public_only;
  Secret key;  ///< empty: none is sent
  KeyOwner key_owner = KeyOwner::workspace;
};

struct GenerationRequest {
  Endpoint endpoint;
  std::string model;
  std::optional<double> temperature;
  std::optional<int> max_tokens;  ///< of the first attempt; later ones get more
  int attempt = 1;
  int max_attempts = 0;
  std::chrono::milliseconds timeout{};
};

/// What a call consumed, whatever came of it.
struct Consumption {
  std::string model;  ///< as the provider names it
  std::optional<TokenUsage> usage;
  /// As OpenRouter reports it; a `Generator` puts the price of the usage here. Empty if unknown.
  std::optional<std::int64_t> cost_nanodollars;
};

/// A reply as the provider gave it.
struct Generation {
  std::string text;  ///< valid UTF-8, not blank
  Consumption consumed;
  bool truncated = false;  ///< cut by the token limit, up to the last whole sentence
};

/// What stands in the place of a reply. An answer without one may have been paid for.
struct NoReply {
  Answer answer;
  Consumption consumed{};
};

using GenerationOutcome = tl::expected<Generation, NoReply>;

/// One way to have a reply written. Implementations are immutable and shared by all threads.
class Provider {
 public:
  virtual ~Provider() = default;

  /// Asks for a reply to the last turn of `conversation`, whose turns alternate, are not empty and
  /// end with the user's.
  [[nodiscard]] virtual GenerationOutcome generate(const Conversation& conversation,
                                                   const GenerationRequest& request,
                                                   HttpClient& http,
                                                   const std::stop_token& stop) const = 0;
};

}  // namespace autoreply

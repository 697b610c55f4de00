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
#include "net/http_sender.h"

namespace autoreply {

/// The address and the key for calling a provider.
struct Endpoint {
  std::string base_url;
  bool built_in = false;  ///< the provider's own address, not a tenant's
  AddressPolicy policy = AddressPolicy::public_only;
  Secret key;  ///< empty: no key is sent
  KeyOwner key_owner = KeyOwner::workspace;
};

struct GenerationRequest {
  Endpoint endpoint;
  std::string model;
  std::optional<double> temperature;
  std::optional<int> max_tokens;  ///< for the first attempt; later ones get more
  int attempt = 1;
  int max_attempts = 0;
  std::chrono::milliseconds timeout{};
};

/// What a call consumed, with or without a reply.
struct Consumption {
  std::string model;  ///< as named by the provider
  std::optional<TokenUsage> usage;
  /// As reported by OpenRouter, otherwise set by `Generator` from the usage. Empty if unknown.
  std::optional<std::int64_t> cost_nanodollars;
};

/// A reply from a provider.
struct Generation {
  std::string text;  ///< valid UTF-8, not blank
  Consumption consumed;
  bool truncated = false;  ///< cut by the token limit, ends with the last whole sentence
};

/// Replaces a reply. An answer without a reply may still cost money.
struct NoReply {
  Answer answer;
  Consumption consumed{};
};

using GenerationOutcome = tl::expected<Generation, NoReply>;

struct ProviderProfile;

/// Requests a reply to the last turn of a conversation. Its turns alternate, none is empty, and the
/// last is the user's. Thread-safe.
using GenerateFunction = GenerationOutcome (*)(const ProviderProfile& profile,
                                               const Conversation& conversation,
                                               const GenerationRequest& request,
                                               HttpSender& http,
                                               const std::stop_token& stop);

}  // namespace autoreply

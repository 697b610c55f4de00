#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "generate/prices.h"
#include "generate/provider.h"
#include "job/conversation.h"
#include "job/reply.h"
#include "job/verdict.h"
#include "net/api_keys.h"
#include "net/http_client.h"

namespace autoreply {

struct GenerateSettings {
  std::chrono::milliseconds timeout{60'000};     ///< of one call, from connecting to the last byte
  std::optional<std::string> provider_override;  ///< answers whatever the workspace says
  KeyPolicy keys;
  Environment environment = process_environment;
  PriceTable prices = PriceTable::built_in();
};

/// What the breaker of a provider's key is called in the database, and for people. The name tells
/// provider, address and key apart by a hash of them; the key itself is in neither.
struct ProviderBreakerName {
  std::string name;  ///< empty: no provider is called
  std::string label;
  std::string address;  ///< what is called, however the workspace writes it
};

/// Has replies written by the provider that a workspace chose. Shared by all threads; each brings
/// its own HTTP client.
class Generator final {
 public:
  explicit Generator(GenerateSettings settings);

  /// The breaker of the key that `generate` would call a provider with. No system call but at the
  /// first of its kind.
  [[nodiscard]] ProviderBreakerName breaker_of(const WorkspaceConfig& config) const;

  /// Asks for a reply to the last turn, once. The reply's text is as the provider gave it; shaping
  /// it for SMS is the caller's. A verdict in its place has the step "generate".
  [[nodiscard]] tl::expected<Reply, Verdict> generate(const WorkspaceConfig& config,
                                                      const Conversation& conversation,
                                                      int attempt,
                                                      int max_attempts,
                                                      HttpClient& http,
                                                      const std::stop_token& stop) const;

 private:
  [[nodiscard]] tl::expected<Endpoint, Verdict> endpoint_for(const WorkspaceConfig& config) const;
  [[nodiscard]] std::optional<std::int64_t> cost_of(const Generation& generation,
                                                    const std::string& provider,
                                                    const std::string& model) const;

  [[nodiscard]] ProviderBreakerName name_breaker(const WorkspaceConfig& chosen) const;

  GenerateSettings settings_;
  mutable std::mutex mutex_;  // guards breakers_
  mutable std::unordered_map<std::string, ProviderBreakerName>
      breakers_;  ///< by provider, address, row's key and, if that is a reference, workspace
};

/// The JSON that the log keeps as `prompt`: {"system":…,"messages":[{"role":…,"content":…}]}.
[[nodiscard]] std::string prompt_json(const Conversation& conversation);

}  // namespace autoreply

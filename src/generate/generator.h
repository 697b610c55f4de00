#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "base/side_thread.h"
#include "base/task.h"
#include "generate/prices/prices.h"
#include "generate/provider.h"
#include "job/conversation.h"
#include "job/peer.h"
#include "job/reply.h"
#include "net/api_keys.h"
#include "net/http_sender.h"

namespace autoreply {

struct GenerateSettings {
  std::chrono::milliseconds timeout{};           ///< of one call, from connecting to the last byte
  std::optional<std::string> provider_override;  ///< replaces the provider of every workspace
  KeyPolicy keys;
  Environment environment = process_environment;
  PriceTable prices = PriceTable::built_in();
};

/// What a reply may depend on besides the conversation.
struct AttemptFacts {
  int attempt = 1;  ///< number of this attempt, from 1
  int max_attempts = 0;
  int cut_answers = 0;  ///< answers to earlier attempts that were cut or empty
};

/// Generates replies with the provider that a workspace chose. All threads share one generator;
/// each call brings its HTTP client.
class Generator final {
 public:
  explicit Generator(GenerateSettings settings);

  /// Returns the peers that `generate` would need for a workspace; `config` is empty if it has no
  /// row. A hash in their names tells keys apart. Routes are cached, so a key file is read once at
  /// most for the same settings.
  [[nodiscard]] Route route_of(const std::string& workspace_id,
                               const std::optional<WorkspaceConfig>& config) const;
  /// The same without a system call: empty if `route_of` would read a key file.
  [[nodiscard]] std::optional<Route> known_route_of(
      const std::string& workspace_id, const std::optional<WorkspaceConfig>& config) const;

  /// Requests one reply to the last turn. The reply's text is what the provider gave; the caller
  /// shapes it for SMS. Otherwise returns the finding about the provider's answer, and what the
  /// call consumed anyway.
  [[nodiscard]] Task<tl::expected<Reply, NoReply>> generate(const WorkspaceConfig& config,
                                                            const Conversation& conversation,
                                                            const AttemptFacts& attempt,
                                                            HttpSender& http,
                                                            const std::stop_token& stop) const;

  /// Returns the settings with which a workspace's fallback answers. Key and address are its own; a
  /// fallback at the same provider shares those of the first. Empty if the workspace names none, or
  /// if the operator chose the provider.
  [[nodiscard]] std::optional<WorkspaceConfig> fallback_of(const WorkspaceConfig& config) const;

  /// Whether the price list has the model of a provider. Offline providers are free.
  [[nodiscard]] bool knows_price(const std::string& provider, const std::string& model) const;

  /// Whether the operator named the provider. A workspace then needs no row.
  [[nodiscard]] bool overrides_provider() const { return settings_.provider_override.has_value(); }

 private:
  /// Empty only if `files` forbids to read the key.
  [[nodiscard]] std::optional<tl::expected<Endpoint, Answer>> find_endpoint(
      const WorkspaceConfig& config, KeyFiles files) const;
  [[nodiscard]] tl::expected<Endpoint, Answer> endpoint_for(const WorkspaceConfig& config) const;
  [[nodiscard]] std::optional<std::int64_t> cost_of(const Consumption& consumed,
                                                    const Provider& provider,
                                                    const std::string& model) const;

  [[nodiscard]] Task<GenerationOutcome> call(const Provider& provider,
                                             const WorkspaceConfig& config,
                                             const Conversation& conversation,
                                             const AttemptFacts& attempt,
                                             HttpSender& http,
                                             const std::stop_token& stop) const;
  [[nodiscard]] Refused refused_by_model(const std::string& model) const;
  void note_refused(const std::string& model, const Refused& refused) const;

  [[nodiscard]] WorkspaceConfig effective(const WorkspaceConfig& config) const;
  [[nodiscard]] std::optional<Route> find_route(const std::string& workspace_id,
                                                const std::optional<WorkspaceConfig>& config,
                                                KeyFiles files) const;
  [[nodiscard]] std::optional<Route> make_route(const std::string& workspace_id,
                                                const std::optional<WorkspaceConfig>& config,
                                                KeyFiles files) const;

  GenerateSettings settings_;
  mutable ReadKeyFiles read_key_files_;
  mutable SideThread reader_;                                 ///< of large answers
  mutable std::mutex mutex_;                                  // guards routes_ and refused_
  mutable std::unordered_map<std::string, Route> routes_;     ///< by workspace and settings
  mutable std::unordered_map<std::string, Refused> refused_;  ///< by provider, address and model
};

/// Returns the JSON that the log stores as `prompt`:
/// {"system":…,"messages":[{"role":…,"content":…}]}.
[[nodiscard]] std::string prompt_json(const Conversation& conversation);

}  // namespace autoreply

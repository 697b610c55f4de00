#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "job/conversation.h"
#include "job/peer.h"
#include "store/claim_statements.h"

namespace autoreply {

/// What tells where a workspace's settings lead; without `config` it has no row.
struct RouteRequest {
  std::string workspace_id;
  std::optional<WorkspaceConfig> config;
};

/// Finds the peers that a workspace's jobs need for a reply; the same breakers each time. Called
/// inside the claim's transaction, so it reads no file: empty if a key file must be read first.
using RouteOf = std::function<std::optional<Route>(const RouteRequest&)>;
/// Reads the key files that the route of a workspace depends on, so that `RouteOf` knows it.
using KeyReader = std::function<void(const RouteRequest&)>;

/// What all claims of a run have in common.
struct ClaimRules {
  std::chrono::milliseconds lease{};
  /// How long a probe reserves its breaker; longer than one can take.
  std::chrono::milliseconds probe_lease{};
  int max_attempts = 0;  ///< from 1
  JobFilter filter;
  Peer callback{};     ///< without a name: it has no breaker
  RouteOf route_of{};  ///< null: providers and settings have no breakers
  KeyReader read_keys{};
  /// Jobs created longer ago are claimed to be ended even if nothing else may be; 0: none is.
  std::chrono::milliseconds max_age{0};
  ClaimLimits limits{};
  bool coalesce = false;  ///< of each contact the newest due job instead of the longest due
};

/// Thrown through a claim's transaction if key files must be read before it can go on.
struct UnreadKeys final : std::exception {
  explicit UnreadKeys(std::vector<RouteRequest> of) : routes(std::move(of)) {}
  [[nodiscard]] const char* what() const noexcept override { return "key files are not read yet"; }

  std::vector<RouteRequest> routes;
};

}  // namespace autoreply

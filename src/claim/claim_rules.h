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

/// Asks for the route of a workspace. `config` is empty if the workspace has no row.
struct RouteRequest {
  std::string workspace_id;
  std::optional<WorkspaceConfig> config;
};

/// Returns the peers that a workspace's jobs need for a reply. The same request always gets the
/// same breakers. It is called inside the claim's transaction, so it must not read files. Returns
/// nothing if a key file must be read first.
using RouteOf = std::function<std::optional<Route>(const RouteRequest&)>;
/// The same with leave to read key files.
using RouteReader = std::function<Route(const RouteRequest&)>;

/// The most jobs that one claim takes.
inline constexpr int kClaimJobsMax = 1'000;

/// The rules that all claims of a run share.
struct ClaimRules {
  std::chrono::milliseconds lease{};
  /// How long a probe reserves its breaker. Must be longer than a probe can take.
  std::chrono::milliseconds probe_lease{};
  int max_attempts = 0;  ///< from 1
  JobFilter filter;
  Peer callback{};     ///< no name: it has no breaker
  RouteOf route_of{};  ///< null: providers and settings have no breakers
  RouteReader read_route{};
  /// Jobs older than this are claimed to be ended even if no other job may be claimed. 0: no limit.
  std::chrono::milliseconds max_age{0};
  ClaimLimits limits{};
  bool coalesce = false;  ///< take each contact's newest due job, not its longest due
};

/// Thrown out of a claim's transaction if key files must be read before the claim can go on.
struct UnreadKeys final : std::exception {
  explicit UnreadKeys(std::vector<RouteRequest> of) : routes(std::move(of)) {}
  [[nodiscard]] const char* what() const noexcept override { return "key files are not read yet"; }

  std::vector<RouteRequest> routes;
};

}  // namespace autoreply

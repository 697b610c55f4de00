#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// The jobs that the breakers of several peers let through together.
struct Gate {
  Admission::Kind kind = Admission::Kind::all;
  std::vector<std::string> probes{};  ///< `one_probe`: names of the breakers to probe
  /// `one_probe`: the last call that failed at one of them came from this workspace.
  bool failed_last = false;

  /// Whether any job may pass, not only a probe.
  [[nodiscard]] bool is_open() const {
    return kind == Admission::Kind::all || kind == Admission::Kind::few;
  }
};

/// The limits and breakers that apply to a claim, as the claim reads them from the database.
class ClaimTerms final {
 public:
  /// Both arguments must outlive the terms.
  ClaimTerms(const ClaimRules& rules, ClaimStatements& statements);

  /// The jobs that the callback's breaker lets through.
  [[nodiscard]] const Gate& by_callback() const { return by_callback_; }
  /// How many jobs the limit on all workspaces together still allows.
  [[nodiscard]] int room() const;
  [[nodiscard]] const ClaimState& state() const { return state_; }

  struct Workspace {
    WorkspaceTerms terms;
    Route route;
    Gate by_callback;  ///< of the callback for this workspace alone
    Gate by_provider;  ///< for jobs without a recorded reply
    Gate by_fallback;  ///< for those that go to the fallback; `none` if the provider takes them
    /// Those jobs go to the fallback's peers, but for probes of the provider.
    bool uses_fallback = false;
    /// They wait for the next day; the two gates of providers are `none`.
    bool is_over_budget = false;

    /// The route of jobs that are no probe.
    [[nodiscard]] const Route& way() const { return uses_fallback ? *route.fallback : route; }
  };

  /// Returns the terms of some workspaces, in their order. Leaves out a workspace whose key file
  /// must be read first.
  [[nodiscard]] std::vector<Workspace> of(const std::vector<std::string>& workspaces);

  /// Throws `UnreadKeys` if a workspace was left out. Call it before anything follows from the
  /// terms.
  void require_routes() const;

  /// How many more jobs may be in flight at each peer in slow start, by breaker name.
  [[nodiscard]] const std::unordered_map<std::string, int>& peer_room() const { return peer_room_; }

  /// Reserves the breaker's probe. Returns false if another run's report made it unnecessary. Lock
  /// order: call in ascending order of name, as reports do.
  [[nodiscard]] bool begin_probe(const std::string& breaker);

  /// The breakers of all peers that these terms have covered.
  [[nodiscard]] std::vector<NamedBreaker> breakers() const;
  /// As in `Claim`.
  [[nodiscard]] std::vector<std::string> missed_operator_keys() const;

  /// Returns the first of the peers' breakers that lets no jobs through, or only a probe. Null:
  /// there is none.
  [[nodiscard]] const NamedBreaker* closed_one(const std::vector<Peer>& peers) const;

 private:
  void look_at(const std::vector<Peer>& peers);
  [[nodiscard]] Gate gate_of(const std::vector<Peer>& peers, const std::string& workspace_id);
  /// Returns nothing if a key must be read first, and notes the request in `unread_`.
  [[nodiscard]] std::optional<Route> route_of(const WorkspaceTerms& terms);
  void find_room(const std::string& breaker, int in_flight_max);
  void count_in_flight();

  const ClaimRules& rules_;
  ClaimStatements& statements_;
  ClaimState state_;
  std::unordered_map<std::string, NamedBreaker> breakers_;  ///< by name, including closed ones
  Gate by_callback_;
  std::unordered_map<std::string, int> peer_room_;
  std::vector<RouteRequest> unread_;
  bool in_flight_counted_ = false;
  std::unordered_map<std::string, int> in_flight_;  ///< by breaker
  int workspaces_seen_ = 0;
  std::unordered_map<std::string, int> without_operator_key_;  ///< workspaces by the key's breaker
};

}  // namespace autoreply

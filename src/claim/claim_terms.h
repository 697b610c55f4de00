#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// What the breakers of several peers together let through.
struct Gate {
  Admission::Kind kind = Admission::Kind::all;
  std::vector<std::string> probes{};  ///< `one_probe`: names of the breakers that it would probe
  /// `one_probe`: a call of the workspace was the last to fail at one of them.
  bool failed_last = false;
};

/// What the breakers and limits say to a claim, as they stand in the database under its lock.
class ClaimTerms final {
 public:
  /// Both outlive the terms.
  ClaimTerms(const ClaimRules& rules, ClaimStatements& statements);

  /// What the callback's breaker lets through.
  [[nodiscard]] const Gate& by_callback() const { return by_callback_; }
  /// How many jobs the limit on everything leaves.
  [[nodiscard]] int room() const;
  [[nodiscard]] const ClaimState& state() const { return state_; }

  struct Workspace {
    WorkspaceTerms terms;
    Route route;
    Gate by_callback;  ///< what the callback lets through of this workspace alone
    Gate by_provider;  ///< for jobs without a recorded reply
  };

  /// The terms of some workspaces, in their order. Throws `UnreadKeys`.
  [[nodiscard]] std::vector<Workspace> of(const std::vector<std::string>& workspaces);

  /// For peers that are loaded slowly: how many more of their jobs may be in flight, by breaker.
  [[nodiscard]] const std::unordered_map<std::string, int>& peer_room() const { return peer_room_; }

  /// Reserves the breaker's probe. False if another run's report has made it unnecessary. Lock
  /// order: of several, in ascending order of name, as reports do.
  [[nodiscard]] bool begin_probe(const std::string& breaker);

  /// The breakers of all peers that were looked at.
  [[nodiscard]] std::vector<NamedBreaker> breakers() const;
  /// As in `Claim`.
  [[nodiscard]] std::vector<std::string> missed_operator_keys() const;

  /// The first of the peers whose breaker keeps jobs from being claimed; null: none does.
  [[nodiscard]] const NamedBreaker* closed_one(const std::vector<Peer>& peers) const;

 private:
  void look_at(const std::vector<Peer>& peers);
  [[nodiscard]] Gate gate_of(const std::vector<Peer>& peers, const std::string& workspace_id);
  /// Empty if its key must be read first; noted in `unread_`.
  [[nodiscard]] std::optional<Route> route_of(const WorkspaceTerms& terms);
  void demand_routes() const;
  void find_room(const std::string& breaker, int in_flight_max);
  void count_in_flight();

  const ClaimRules& rules_;
  ClaimStatements& statements_;
  ClaimState state_;
  std::unordered_map<std::string, NamedBreaker> breakers_;  ///< by name, closed ones too
  Gate by_callback_;
  std::unordered_map<std::string, int> peer_room_;
  std::vector<RouteRequest> unread_;
  bool in_flight_counted_ = false;
  std::unordered_map<std::string, int> in_flight_;  ///< by breaker
  int workspaces_seen_ = 0;
  std::unordered_map<std::string, int> without_operator_key_;  ///< workspaces, by the key's breaker
};

}  // namespace autoreply

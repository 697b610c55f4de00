#include "claim/claim_terms.h"

#include <algorithm>
#include <utility>

#include "claim/workspace_rules.h"

namespace autoreply {

using Kind = Admission::Kind;

ClaimTerms::ClaimTerms(const ClaimRules& rules, ClaimStatements& statements)
    : rules_(rules), statements_(statements), state_(statements.state(rules.limits.per_minute)) {
  look_at({rules.callback});
  by_callback_ = gate_of({rules.callback}, "");
}

int ClaimTerms::room() const {
  const int limit = rules_.limits.per_minute;
  return limit > 0 ? std::max(0, limit - state_.claimed) : kAnyNumber;
}

std::vector<ClaimTerms::Workspace> ClaimTerms::of(const std::vector<std::string>& workspaces) {
  std::vector<Workspace> found;
  if (workspaces.empty()) return found;
  std::vector<Peer> peers;
  for (WorkspaceTerms& terms : statements_.terms(workspaces, rules_.limits)) {
    auto route = route_of(terms);
    if (!route) continue;
    Workspace& workspace = found.emplace_back();
    workspace.terms = std::move(terms);
    workspace.route = std::move(*route);
    ++workspaces_seen_;
    if (workspace.route.lacks_operator_key) ++without_operator_key_[workspace.route.key.name];
    for (const Route* way = &workspace.route; way != nullptr; way = way->fallback.get()) {
      const std::vector<Peer> own = way->peers();
      peers.insert(peers.end(), own.begin(), own.end());
    }
    if (!rules_.callback.name.empty()) {
      peers.push_back(of_workspace(rules_.callback, workspace.terms.workspace_id));
    }
  }
  look_at(peers);
  for (Workspace& workspace : found) {
    const std::string& id = workspace.terms.workspace_id;
    workspace.by_provider = gate_of(workspace.route.peers(), id);
    workspace.by_fallback.kind = Kind::none;
    if (workspace.route.fallback && !workspace.by_provider.is_open()) {
      workspace.by_fallback = gate_of(workspace.route.fallback->peers(), id);
      workspace.uses_fallback = workspace.by_fallback.is_open();
    }
    if (is_over_budget(workspace.terms, rules_.limits, state_.now)) {
      workspace.is_over_budget = true;
      workspace.by_provider.kind = workspace.by_fallback.kind = Kind::none;
      workspace.uses_fallback = false;
    }
    if (!rules_.callback.name.empty()) {
      workspace.by_callback = gate_of({of_workspace(rules_.callback, id)}, id);
    }
  }
  return found;
}

bool ClaimTerms::begin_probe(const std::string& breaker) {
  const auto found = breakers_.find(breaker);
  if (found == breakers_.end()) return false;
  // Another run may have reported since, and its report must not be overwritten.
  const LockedBreakers locked =
      statements_.lock_breakers({.peers = {found->second.peer}, .workspaces = {}});
  Breaker& state = found->second.breaker;
  state = locked.breakers.at(breaker);
  if (admission(state, locked.now).kind != Kind::one_probe) return false;
  state = with_probe(std::move(state), locked.now, rules_.probe_lease);
  statements_.write_breakers({&found->second, 1});
  return true;
}

std::vector<NamedBreaker> ClaimTerms::breakers() const {
  std::vector<NamedBreaker> named;
  named.reserve(breakers_.size());
  for (const auto& [name, breaker] : breakers_) named.push_back(breaker);
  return named;
}

std::vector<std::string> ClaimTerms::missed_operator_keys() const {
  std::vector<std::string> names;
  for (const auto& [name, count] : without_operator_key_) {
    if (2 * count > workspaces_seen_) names.push_back(name);
  }
  return names;
}

const NamedBreaker* ClaimTerms::closed_one(const std::vector<Peer>& peers) const {
  for (const Peer& peer : peers) {
    const auto found = breakers_.find(peer.name);
    if (found == breakers_.end()) continue;
    const Kind kind = admission(found->second.breaker, state_.now).kind;
    if (kind == Kind::none || kind == Kind::one_probe) return &found->second;
  }
  return nullptr;
}

void ClaimTerms::look_at(const std::vector<Peer>& peers) {
  std::vector<std::string> unknown;
  for (const Peer& peer : peers) {
    if (peer.name.empty()) continue;
    const bool made = breakers_.try_emplace(peer.name, NamedBreaker{peer, Breaker{}}).second;
    if (made) unknown.push_back(peer.name);
  }
  if (unknown.empty()) return;
  for (NamedBreaker& found : statements_.read_breakers(unknown)) {
    breakers_.at(found.peer.name).breaker = std::move(found.breaker);
  }
}

Gate ClaimTerms::gate_of(const std::vector<Peer>& peers, const std::string& workspace_id) {
  Gate gate;
  for (const Peer& peer : peers) {
    const auto found = breakers_.find(peer.name);
    if (found == breakers_.end()) continue;
    const Breaker& breaker = found->second.breaker;
    const Admission one = admission(breaker, state_.now);
    switch (one.kind) {
      case Kind::none:
        return {.kind = Kind::none};
      case Kind::one_probe:
        gate.kind = Kind::one_probe;
        gate.probes.push_back(peer.name);
        gate.failed_last = gate.failed_last || breaker.last_failed == workspace_id;
        break;
      case Kind::few:
        find_room(peer.name, one.in_flight_max);
        if (gate.kind == Kind::all) gate.kind = Kind::few;
        break;
      case Kind::all:
        break;
    }
  }
  return gate;
}

std::optional<Route> ClaimTerms::route_of(const WorkspaceTerms& terms) {
  if (!rules_.route_of) return Route{};
  RouteRequest request{terms.workspace_id, terms.config};
  auto route = rules_.route_of(request);
  if (!route) unread_.push_back(std::move(request));
  return route;
}

void ClaimTerms::require_routes() const {
  if (!unread_.empty()) throw UnreadKeys(unread_);
}

void ClaimTerms::find_room(const std::string& breaker, int in_flight_max) {
  if (peer_room_.contains(breaker)) return;
  count_in_flight();
  const auto found = in_flight_.find(breaker);
  const int in_flight = found == in_flight_.end() ? 0 : found->second;
  peer_room_.emplace(breaker, std::max(0, in_flight_max - in_flight));
}

void ClaimTerms::count_in_flight() {
  if (std::exchange(in_flight_counted_, true)) return;
  const auto jobs = statements_.in_flight();
  std::vector<std::string> workspaces;
  workspaces.reserve(jobs.size());
  for (const auto& [workspace, count] : jobs) workspaces.push_back(workspace);
  std::vector<std::pair<Route, int>> routes;
  std::vector<Peer> peers;
  for (const WorkspaceTerms& terms : statements_.terms(workspaces, rules_.limits)) {
    auto route = route_of(terms);
    if (!route) continue;
    const std::vector<Peer> own = route->peers();
    if (route->fallback) peers.insert(peers.end(), own.begin(), own.end());
    routes.emplace_back(std::move(*route), jobs.at(terms.workspace_id));
  }
  look_at(peers);
  for (const auto& [route, count] : routes) {
    const bool uses_fallback = route.fallback && closed_one(route.peers()) != nullptr;
    for (const Peer& peer : uses_fallback ? route.fallback->peers() : route.peers()) {
      if (!peer.name.empty()) in_flight_[peer.name] += count;
    }
  }
}

}  // namespace autoreply

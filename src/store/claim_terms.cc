#include "store/claim_terms.h"

#include <algorithm>
#include <utility>

namespace autoreply {

using Kind = Admission::Kind;

ClaimTerms::ClaimTerms(const ClaimRequest& request, ClaimStatements& statements)
    : request_(request),
      statements_(statements),
      state_(statements.state(request.breaker, request.limits.per_minute)) {
  for (NamedBreaker& found : state_.breakers) {
    const std::string name = found.name;
    breakers_.emplace(name, std::move(found));
  }
}

int ClaimTerms::room() const {
  const int limit = request_.limits.per_minute;
  return limit > 0 ? std::max(0, limit - state_.claimed) : kAnyNumber;
}

std::vector<ClaimTerms::Workspace> ClaimTerms::of(std::span<const std::string> workspaces) {
  std::vector<Workspace> found;
  if (workspaces.empty()) return found;
  for (WorkspaceTerms& terms : statements_.terms(workspaces, request_.limits)) {
    Workspace workspace{.terms = std::move(terms)};
    workspace.provider = provider_key_of(workspace.terms);
    workspace.by_provider = admission_of(workspace.provider.breaker);
    if (workspace.by_provider.kind == Kind::few) {
      find_key_room(workspace.provider.breaker, workspace.by_provider.in_flight_max);
    }
    found.push_back(std::move(workspace));
  }
  return found;
}

bool ClaimTerms::begin_probe(const std::string& breaker) {
  const auto found = breakers_.find(breaker);
  if (found == breakers_.end()) return false;
  // What another run has reported since is not written over.
  statements_.make_breaker(breaker, found->second.label);
  const BreakerReading reading = statements_.read_breaker(breaker);
  Breaker& state = found->second.breaker;
  state = reading.breaker;
  if (admission(state, reading.now).kind != Kind::one_probe) return false;
  state = with_probe(std::move(state), reading.now, request_.probe_lease);
  statements_.write_breaker(breaker, state);
  return true;
}

std::vector<NamedBreaker> ClaimTerms::breakers() const {
  std::vector<NamedBreaker> named;
  named.reserve(breakers_.size() + 1);
  for (const auto& [name, breaker] : breakers_) named.push_back(breaker);
  if (!request_.breaker.empty() && !breakers_.contains(request_.breaker)) {
    named.push_back({request_.breaker, "", Breaker{}});
  }
  return named;
}

Admission ClaimTerms::admission_of(const std::string& breaker) const {
  const auto found = breakers_.find(breaker);
  return found == breakers_.end() ? Admission{} : admission(found->second.breaker, state_.now);
}

ProviderKey ClaimTerms::provider_key_of(const WorkspaceTerms& terms) const {
  return request_.provider_key_of ? request_.provider_key_of(terms.config) : ProviderKey{};
}

void ClaimTerms::find_key_room(const std::string& breaker, int in_flight_max) {
  if (key_room_.contains(breaker)) return;
  count_in_flight();
  const auto found = in_flight_.find(breaker);
  const int in_flight = found == in_flight_.end() ? 0 : found->second;
  key_room_.emplace(breaker, std::max(0, in_flight_max - in_flight));
}

void ClaimTerms::count_in_flight() {
  if (std::exchange(in_flight_counted_, true)) return;
  const auto jobs = statements_.in_flight();
  std::vector<std::string> workspaces;
  workspaces.reserve(jobs.size());
  for (const auto& [workspace, count] : jobs) workspaces.push_back(workspace);
  for (const WorkspaceTerms& terms : statements_.terms(workspaces, request_.limits)) {
    in_flight_[provider_key_of(terms).breaker] += jobs.at(terms.workspace_id);
  }
}

}  // namespace autoreply

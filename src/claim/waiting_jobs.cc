#include "claim/waiting_jobs.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "claim/claim_terms.h"
#include "claim/workspace_rules.h"

namespace autoreply {
namespace {

constexpr int kCountMax = 1'000;

void note_held_back(Waiting& waiting, const NamedBreaker& by, int jobs) {
  if (jobs == 0) return;
  auto found = std::ranges::find_if(
      waiting.breakers, [&](const HeldBack& one) { return one.by.peer.name == by.peer.name; });
  if (found == waiting.breakers.end()) {
    waiting.breakers.push_back({by, by.breaker.is_refused() ? by.breaker.scope : Scope::job, 0});
    found = std::prev(waiting.breakers.end());
  }
  found->jobs += jobs;
}

}  // namespace

Waiting count_waiting_jobs(const ClaimRules& rules, ClaimStatements& statements) {
  const ClaimLimits& limits = rules.limits;
  const int count_max = std::max({limits.contact_per_minute, limits.contact_per_hour, kCountMax});
  const auto contacts = statements.waiting(rules.filter, count_max);
  std::unordered_set<std::string> names;
  for (const WaitingContact& contact : contacts) names.insert(contact.workspace_id);
  ClaimTerms terms(rules, statements);
  std::unordered_map<std::string, ClaimTerms::Workspace> workspaces;
  for (ClaimTerms::Workspace& found :
       terms.of(std::vector<std::string>(names.begin(), names.end()))) {
    const std::string name = found.terms.workspace_id;
    workspaces.emplace(name, std::move(found));
  }
  terms.require_routes();

  Waiting waiting;
  for (const WaitingContact& contact : contacts) {
    const auto known = workspaces.find(contact.workspace_id);
    if (known == workspaces.end()) continue;
    const ClaimTerms::Workspace& workspace = known->second;
    std::vector<Peer> callback{rules.callback};
    if (!rules.callback.name.empty()) {
      callback.push_back(of_workspace(rules.callback, contact.workspace_id));
    }
    int held_back = 0;
    if (const NamedBreaker* by = terms.closed_one(callback)) {
      held_back = contact.due;
      note_held_back(waiting, *by, held_back);
    } else if (const NamedBreaker* route = terms.closed_one(workspace.way().peers())) {
      held_back = contact.due - contact.recorded;
      note_held_back(waiting, *route, held_back);
    }
    waiting.due += contact.due;
    waiting.held_back += held_back;
    if (terms.room() == 0 || is_throttled(contact, workspace.terms)) {
      waiting.throttled += contact.due - held_back;
    } else if (workspace.is_over_budget) {
      waiting.throttled += std::max(0, contact.due - contact.recorded - held_back);
    }
  }
  return waiting;
}

}  // namespace autoreply

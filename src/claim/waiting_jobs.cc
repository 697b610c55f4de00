#include "claim/waiting_jobs.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "claim/claim_terms.h"
#include "claim/workspace_rules.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

/// Adds up what keeps the jobs of contact after contact unclaimed.
class Count final {
 public:
  Count(const ClaimRules& rules, const ClaimTerms& terms) : rules_(rules), terms_(terms) {}

  void add(const WaitingContact& contact, const ClaimTerms::Workspace& workspace) {
    const int held_back = held_back_by_breaker(contact, workspace);
    waiting_.due += contact.due;
    waiting_.oldest_due = std::max(waiting_.oldest_due, contact.oldest_due);
    waiting_.held_back += held_back;
    if (is_limited(contact, workspace)) {
      waiting_.throttled += contact.due - held_back;
    } else if (workspace.is_over_budget) {
      hold({.workspace_id = contact.workspace_id,
            .reason = WaitsFor::budget,
            .detail = "the workspace's daily budget is used up",
            .spares_recorded = true,
            .until = end_of_workspace_day(
                workspace.terms.config, rules_.limits.timezone, terms_.state().now)});
      waiting_.throttled += std::max(0, contact.due - contact.recorded - held_back);
    }
  }

  Waiting take() { return std::move(waiting_); }

 private:
  int held_back_by_breaker(const WaitingContact& contact, const ClaimTerms::Workspace& workspace) {
    std::vector<Peer> callback{rules_.callback};
    if (!rules_.callback.name.empty()) {
      callback.push_back(of_workspace(rules_.callback, contact.workspace_id));
    }
    if (const NamedBreaker* by = terms_.closed_one(callback)) {
      const bool is_of_all = by->peer.name == rules_.callback.name;
      return note(*by, {.workspace_id = is_of_all ? "" : contact.workspace_id}, contact.due);
    }
    const Route& way = workspace.way();
    if (const NamedBreaker* by = terms_.closed_one(way.peers())) {
      const bool is_of_settings = by->peer.name == way.settings.name;
      return note(*by,
                  {.workspace_id = contact.workspace_id,
                   .reason = behind_provider(by->breaker.is_refused(), is_of_settings),
                   .spares_recorded = true},
                  contact.due - contact.recorded);
    }
    return 0;
  }

  /// Returns `jobs`.
  int note(const NamedBreaker& by, Hold made, int jobs) {
    if (jobs == 0) return 0;
    const Breaker& breaker = by.breaker;
    made.breaker = by.peer.name;
    made.detail = breaker.reason.empty() ? by.peer.label
                                         : fmt::format("{}: {}", by.peer.label, breaker.reason);
    made.since = breaker.opened_at;
    made.until = std::max(breaker.blocked_until.value_or(0),
                          breaker.is_open() ? breaker.probe_at : DatabaseTime{0});
    hold(std::move(made));
    auto found = std::ranges::find_if(
        waiting_.breakers, [&](const HeldBack& one) { return one.by.peer.name == by.peer.name; });
    if (found == waiting_.breakers.end()) {
      waiting_.breakers.push_back({by, breaker.is_refused() ? breaker.scope : Scope::job, 0});
      found = std::prev(waiting_.breakers.end());
    }
    found->jobs += jobs;
    return jobs;
  }

  bool is_limited(const WaitingContact& contact, const ClaimTerms::Workspace& workspace) {
    const WorkspaceTerms& terms = workspace.terms;
    if (terms_.room() == 0) {
      hold_by_limit("", "", rules_.limits.per_minute, "minute in all", std::chrono::minutes(1));
    } else if (room_of(terms) == 0) {
      hold_by_limit(contact.workspace_id,
                    "",
                    *terms.workspace_per_minute,
                    fmt::format("minute of workspace {}", contact.workspace_id),
                    std::chrono::minutes(1));
    } else if (is_reached(terms.contact_per_hour, contact.in_hour)) {
      hold_by_limit(contact.workspace_id,
                    contact.contact_id,
                    *terms.contact_per_hour,
                    "hour of the contact",
                    std::chrono::hours(1));
    } else if (is_reached(terms.contact_per_minute, contact.in_minute)) {
      hold_by_limit(contact.workspace_id,
                    contact.contact_id,
                    *terms.contact_per_minute,
                    "minute of the contact",
                    std::chrono::minutes(1));
    } else {
      return false;
    }
    return true;
  }

  void hold_by_limit(const std::string& workspace_id,
                     const std::string& contact_id,
                     int limit,
                     std::string_view of,
                     milliseconds window) {
    hold({.workspace_id = workspace_id,
          .contact_id = contact_id,
          .reason = WaitsFor::limit,
          .detail = fmt::format("{} jobs a {}", limit, of),
          .until = terms_.state().now + window.count()});
  }

  void hold(Hold made) {
    const std::string key = fmt::format(
        "{}\n{}\n{}\n{}", made.workspace_id, made.contact_id, to_string(made.reason), made.breaker);
    if (known_.insert(key).second) waiting_.holds.push_back(std::move(made));
  }

  const ClaimRules& rules_;
  const ClaimTerms& terms_;
  Waiting waiting_;
  std::unordered_set<std::string> known_;
};

}  // namespace

Waiting count_waiting_jobs(const ClaimRules& rules, ClaimStatements& statements) {
  const ClaimLimits& limits = rules.limits;
  const int count_max =
      std::max({limits.contact_per_minute, limits.contact_per_hour, kWaitingCountMax});
  const auto contacts = statements.waiting(rules.filter, count_max);
  std::unordered_set<std::string> names;
  for (const WaitingContact& contact : contacts) names.insert(contact.workspace_id);
  std::vector<std::string> ids(names.begin(), names.end());
  ClaimTerms terms(rules, statements);
  std::unordered_map<std::string, ClaimTerms::Workspace> workspaces;
  for (ClaimTerms::Workspace& found : terms.of(ids)) {
    const std::string name = found.terms.workspace_id;
    workspaces.emplace(name, std::move(found));
  }
  terms.require_routes();

  Count count(rules, terms);
  for (const WaitingContact& contact : contacts) {
    const auto known = workspaces.find(contact.workspace_id);
    if (known != workspaces.end()) count.add(contact, known->second);
  }
  Waiting waiting = count.take();
  waiting.workspaces = std::move(ids);
  return waiting;
}

}  // namespace autoreply

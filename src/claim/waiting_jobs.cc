#include "claim/waiting_jobs.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "claim/claim_terms.h"
#include "claim/workspace_rules.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

/// How many workspaces are looked at if the sample of due jobs may lack some.
constexpr int kWorkspacesMax = 1'000;

/// Adds up what keeps the jobs of contact after contact unclaimed.
class Count final {
 public:
  Count(const ClaimRules& rules, const ClaimTerms& terms) : rules_(rules), terms_(terms) {}

  void add_all(const std::vector<WaitingContact>& contacts,
               const std::vector<ClaimTerms::Workspace>& workspaces) {
    std::unordered_map<std::string, const ClaimTerms::Workspace*> by_id;
    for (const ClaimTerms::Workspace& one : workspaces) by_id[one.terms.workspace_id] = &one;
    for (const WaitingContact& contact : contacts) {
      const auto known = by_id.find(contact.workspace_id);
      if (known != by_id.end()) add(contact, *known->second);
    }
  }

  Waiting take() { return std::move(waiting_); }

 private:
  void add(const WaitingContact& contact, const ClaimTerms::Workspace& workspace) {
    const int held_back = held_back_by_breaker(contact, workspace);
    waiting_.due += contact.due;
    waiting_.held_back += held_back;
    if (is_limited(contact, workspace)) {
      waiting_.throttled += contact.due - held_back;
    } else if (workspace.is_over_budget) {
      add_hold(waiting_.holds,
               {.workspace_id = contact.workspace_id,
                .reason = WaitsFor::budget,
                .detail = "the workspace's daily budget is used up",
                .spares_recorded = true,
                .until = end_of_workspace_day(
                    workspace.terms.config, rules_.limits.timezone, terms_.state().now)});
      waiting_.throttled += std::max(0, contact.due - contact.recorded - held_back);
    }
  }

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
    add_hold(waiting_.holds, hold_by(by, std::move(made)));
    auto found = std::ranges::find_if(
        waiting_.breakers, [&](const HeldBack& one) { return one.by.peer.name == by.peer.name; });
    if (found == waiting_.breakers.end()) {
      waiting_.breakers.push_back({by, by.breaker.is_refused() ? by.breaker.scope : Scope::job, 0});
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
      hold_contact_by_limit(
          contact, *terms.contact_per_hour, "hour of the contact", std::chrono::hours(1));
    } else if (is_reached(terms.contact_per_minute, contact.in_minute)) {
      hold_contact_by_limit(
          contact, *terms.contact_per_minute, "minute of the contact", std::chrono::minutes(1));
    } else {
      return false;
    }
    return true;
  }

  /// A job without a contact is no contact's.
  void hold_contact_by_limit(const WaitingContact& contact,
                             int limit,
                             std::string_view of,
                             milliseconds window) {
    if (contact.contact_id.empty()) return;
    hold_by_limit(contact.workspace_id, contact.contact_id, limit, of, window);
  }

  void hold_by_limit(const std::string& workspace_id,
                     const std::string& contact_id,
                     int limit,
                     std::string_view of,
                     milliseconds window) {
    add_hold(waiting_.holds,
             {.workspace_id = workspace_id,
              .contact_id = contact_id,
              .reason = WaitsFor::limit,
              .detail = fmt::format("{} jobs a {}", limit, of),
              .until = terms_.state().now + window.count()});
  }

  const ClaimRules& rules_;
  const ClaimTerms& terms_;
  Waiting waiting_;
};

}  // namespace

Hold hold_by(const NamedBreaker& by, Hold hold) {
  const Breaker& breaker = by.breaker;
  hold.breaker = by.peer.name;
  hold.detail =
      breaker.reason.empty() ? by.peer.label : fmt::format("{}: {}", by.peer.label, breaker.reason);
  hold.since = breaker.opened_at;
  hold.until = std::max(breaker.blocked_until.value_or(0),
                        breaker.is_open() ? breaker.probe_at : DatabaseTime{0});
  return hold;
}

void add_hold(std::vector<Hold>& holds, Hold hold) {
  const bool is_known = std::ranges::any_of(holds, [&hold](const Hold& one) {
    return one.workspace_id == hold.workspace_id && one.contact_id == hold.contact_id &&
           one.reason == hold.reason && one.breaker == hold.breaker;
  });
  if (!is_known) holds.push_back(std::move(hold));
}

Waiting count_waiting_jobs(const ClaimRules& rules, ClaimStatements& statements) {
  const ClaimLimits& limits = rules.limits;
  const int count_max =
      std::max({limits.contact_per_minute, limits.contact_per_hour, kWaitingCountMax});
  const DueSample sample = statements.waiting(rules.filter, count_max);
  std::set<std::string> names;
  for (const WaitingContact& contact : sample.contacts) names.insert(contact.workspace_id);
  ClaimTerms terms(rules, statements);
  Count count(rules, terms);
  count.add_all(sample.contacts, terms.of({names.begin(), names.end()}));
  Waiting waiting = count.take();
  waiting.oldest_due = sample.oldest_due;
  if (waiting.due >= kWaitingCountMax && rules.filter.selects_all()) {
    // The sample may lack whole workspaces.
    const WorkspacePage page = statements.next_workspaces(std::nullopt, "", kWorkspacesMax);
    waiting.are_all = static_cast<int>(page.workspaces.size()) < kWorkspacesMax;
    std::vector<std::string> others;
    std::vector<WaitingContact> one_each;
    for (const std::string& workspace : page.workspaces) {
      if (!names.insert(workspace).second) continue;
      others.push_back(workspace);
      one_each.push_back({.workspace_id = workspace, .due = 1});
    }
    Count other(rules, terms);
    other.add_all(one_each, terms.of(others));
    for (Hold& hold : other.take().holds) add_hold(waiting.holds, std::move(hold));
  }
  terms.require_routes();
  waiting.workspaces.assign(names.begin(), names.end());
  return waiting;
}

}  // namespace autoreply

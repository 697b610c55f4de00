#include "run/breaker_reports.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace autoreply {
namespace {

bool was_opened(const Breaker& before, const Breaker& after) {
  return after.is_open() && !before.is_open();
}

/// Whether all failures before the report came from the report's workspace.
bool are_all_of_one(const Breaker& before, const CallReport& report) {
  return std::ranges::all_of(before.failures, [&](const Failure& failure) {
    return failure.workspace_id == report.workspace_id;
  });
}

/// Whether the report may change the breaker of the workspace alone.
bool concerns_narrow(const BreakerReport& report) {
  using Sign = CallReport::Sign;
  const Sign sign = report.report.sign;
  return !report.narrow.name.empty() &&
         (sign == Sign::refused || sign == Sign::rejected || sign == Sign::down);
}

class Counting final {
 public:
  explicit Counting(const LockedBreakers& locked)
      : locked_(locked), states_(locked.breakers.begin(), locked.breakers.end()) {}

  Reported count(const BreakerReport& report) {
    const OtherWorkspaces others = locked_.workspaces.at(report.report.workspace_id);
    const Breaker before = states_.at(report.peer.name);
    CallReport call = report.report;
    call.lone_workspace = others.none;
    const bool has_narrow = concerns_narrow(report);
    if (call.sign == CallReport::Sign::refused && call.scope == Scope::the_operator && has_narrow &&
        is_refused_alone(before, call.workspace_id)) {
      return {.breaker = before, .narrow = open_narrow(report), .scope = Scope::workspace};
    }
    Reported reported{.breaker = after_report(before, call, locked_.now, report.rules)};
    if (call.sign == CallReport::Sign::rejected) {
      reported.scope =
          scope_by_evidence(reported.breaker, call.workspace_id, call.words, others.none);
      if (reported.scope == Scope::workspace && has_narrow) reported.narrow = open_narrow(report);
    }
    // If only one workspace's messages fail, the other workspaces must keep sending.
    const bool is_narrow_outage =
        call.sign == CallReport::Sign::down && has_narrow && report.narrows_failures &&
        others.due && was_opened(before, reported.breaker) && are_all_of_one(before, call);
    if (is_narrow_outage) {
      reported.narrow = open_narrow(report, std::exchange(reported.breaker, before));
      reported.breaker.failures.clear();
      reported.breaker.failing_since.reset();
    }
    if (call.sign == CallReport::Sign::down && has_narrow && report.narrow_probe &&
        report.narrows_failures) {
      reported.narrow = keep_narrow_open(report);
    }
    states_.at(report.peer.name) = reported.breaker;
    return reported;
  }

  [[nodiscard]] std::vector<NamedBreaker> changed() const {
    std::vector<NamedBreaker> all;
    for (const auto& [name, breaker] : states_) {
      if (!(breaker == locked_.breakers.at(name))) all.push_back({{.name = name}, breaker});
    }
    return all;
  }

 private:
  /// Counts the report as a refusal in the workspace's scope.
  Breaker open_narrow(const BreakerReport& report) {
    CallReport refusal = report.report;
    refusal.sign = CallReport::Sign::refused;
    refusal.scope = Scope::workspace;
    refusal.probe = report.narrow_probe;
    return count_narrow(report, refusal);
  }

  Breaker count_narrow(const BreakerReport& report, const CallReport& call) {
    Breaker& narrow = states_.at(report.narrow.name);
    narrow = after_report(narrow, call, locked_.now, report.rules);
    return narrow;
  }

  /// For a probe of the narrow breaker that found the peer down.
  Breaker keep_narrow_open(const BreakerReport& report) {
    CallReport failure = report.report;
    failure.probe = true;
    return count_narrow(report, failure);
  }

  /// Opens it with the state that the wide breaker would have had.
  Breaker open_narrow(const BreakerReport& report, Breaker opened) {
    Breaker& narrow = states_.at(report.narrow.name);
    if (narrow.is_open()) return narrow;
    opened.rejections.clear();
    narrow = std::move(opened);
    return narrow;
  }

  const LockedBreakers& locked_;
  std::map<std::string, Breaker> states_;  ///< by name
};

}  // namespace

BreakersToLock breakers_to_lock(std::span<const BreakerReport> reports) {
  // By the wide breaker's name, a narrow one after its wide one.
  using Place = std::tuple<std::string, bool, std::string>;
  std::map<Place, Peer> ordered;
  std::set<std::string> workspaces;
  for (const BreakerReport& report : reports) {
    const std::string& wide = report.peer.name;
    ordered.try_emplace({wide, false, wide}, report.peer);
    if (concerns_narrow(report)) {
      ordered.try_emplace({wide, true, report.narrow.name}, report.narrow);
    }
    workspaces.insert(report.report.workspace_id);
  }
  BreakersToLock wanted{.peers = {}, .workspaces = {workspaces.begin(), workspaces.end()}};
  // A breaker may be wide in one report and narrow in another.
  std::set<std::string> names;
  for (const auto& [place, peer] : ordered) {
    if (names.insert(peer.name).second) wanted.peers.push_back(peer);
  }
  return wanted;
}

CountedReports count_reports(std::span<const BreakerReport> reports, const LockedBreakers& locked) {
  Counting counting(locked);
  CountedReports counted;
  for (const BreakerReport& report : reports) counted.reported.push_back(counting.count(report));
  counted.changed = counting.changed();
  return counted;
}

Result<std::vector<Reported>> count_reports_in(JobStore& store,
                                               std::span<const BreakerReport> reports) {
  CountedReports counted;
  const auto done =
      store.update_breakers(breakers_to_lock(reports), [&](const LockedBreakers& locked) {
        counted = count_reports(reports, locked);
        return counted.changed;
      });
  if (!done) return fail(done.error());
  return std::move(counted.reported);
}

}  // namespace autoreply

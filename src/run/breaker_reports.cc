#include "run/breaker_reports.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string_view>
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

class Counting final {
 public:
  explicit Counting(BreakerStatements& statements) : statements_(statements) {}

  Reported count(const BreakerReport& report) {
    statements_.make_breaker(report.peer);
    const BreakerReading reading =
        statements_.read_breaker(report.peer.name, report.report.workspace_id);
    CallReport call = report.report;
    call.lone_workspace = reading.lone_workspace;
    const bool has_narrow = !report.narrow.name.empty();
    if (call.sign == CallReport::Sign::refused && call.scope == Scope::the_operator && has_narrow &&
        is_refused_alone(reading.breaker, call.workspace_id)) {
      return {.breaker = reading.breaker, .narrow = open_narrow(report), .scope = Scope::workspace};
    }
    Reported reported{.breaker = after_report(reading.breaker, call, reading.now, report.rules)};
    if (call.sign == CallReport::Sign::rejected) {
      reported.scope = scope_by_evidence(
          reported.breaker, call.workspace_id, call.words, reading.lone_workspace);
      if (reported.scope == Scope::workspace && has_narrow) reported.narrow = open_narrow(report);
    }
    // If only one workspace's messages fail, the other workspaces must keep sending.
    const bool is_narrow_outage = call.sign == CallReport::Sign::down && has_narrow &&
                                  report.narrows_failures && reading.others_due &&
                                  was_opened(reading.breaker, reported.breaker) &&
                                  are_all_of_one(reading.breaker, call);
    if (is_narrow_outage) {
      reported.narrow = open_narrow(report, std::exchange(reported.breaker, reading.breaker));
      reported.breaker.failures.clear();
      reported.breaker.failing_since.reset();
    }
    if (call.sign == CallReport::Sign::down && has_narrow && report.narrow_probe &&
        report.narrows_failures) {
      reported.narrow = keep_narrow_open(report);
    }
    if (!(reported.breaker == reading.breaker)) {
      statements_.write_breaker(report.peer.name, reported.breaker);
    }
    return reported;
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
    statements_.make_breaker(report.narrow);
    const BreakerReading reading = statements_.read_breaker(report.narrow.name, "");
    Breaker narrow = after_report(reading.breaker, call, reading.now, report.rules);
    statements_.write_breaker(report.narrow.name, narrow);
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
    opened.rejections.clear();
    statements_.make_breaker(report.narrow);
    const BreakerReading reading = statements_.read_breaker(report.narrow.name, "");
    if (reading.breaker.is_open()) return reading.breaker;
    statements_.write_breaker(report.narrow.name, opened);
    return opened;
  }

  BreakerStatements& statements_;
};

}  // namespace

std::vector<Reported> count_reports(std::span<const BreakerReport> reports,
                                    BreakerStatements& statements) {
  std::vector<std::size_t> order(reports.size());
  std::iota(order.begin(), order.end(), 0);
  // All transactions lock the breakers of `peer` in order of name, so they rarely deadlock. Reports
  // on one breaker are counted in the order in which they came.
  std::ranges::stable_sort(order, std::less<>(), [&](std::size_t at) {
    return std::string_view(reports[at].peer.name);
  });
  Counting counting(statements);
  std::vector<Reported> states(reports.size());
  for (const std::size_t at : order) states[at] = counting.count(reports[at]);
  return states;
}

}  // namespace autoreply

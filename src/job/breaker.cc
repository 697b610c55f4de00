#include "job/breaker.h"

#include <algorithm>

namespace autoreply {
namespace {

using Result = CallReport::Result;

bool is_blocked(const Breaker& breaker, DatabaseTime now) {
  return breaker.blocked_until && *breaker.blocked_until > now;
}

void wait_for_probe(Breaker& breaker, DatabaseTime now, std::chrono::milliseconds pause) {
  breaker.pause = pause;
  breaker.probe_at = now + pause.count();
  breaker.probing_until.reset();
  breaker.changed_at = now;
}

/// For as long as the other side has asked.
void leave_alone(Breaker& breaker, const CallReport& report, DatabaseTime now) {
  if (report.wait.count() <= 0) return;
  breaker.blocked_until = std::max(breaker.blocked_until.value_or(0), now + report.wait.count());
}

void begin_slowly(Breaker& breaker, const BreakerRules& rules) {
  breaker.in_flight_max = rules.slow_start ? 1 : 0;
  breaker.successes = 0;
}

Breaker after_failure(Breaker breaker,
                      const CallReport& report,
                      DatabaseTime now,
                      const BreakerRules& rules) {
  if (breaker.is_open()) {
    if (report.probe) wait_for_probe(breaker, now, std::min(breaker.pause * 2, rules.pause_max));
    return breaker;
  }
  auto& failed = breaker.failed_jobs;
  if (std::find(failed.begin(), failed.end(), report.job.value) == failed.end()) {
    failed.push_back(report.job.value);
  }
  if (failed.size() < rules.failures_max) return breaker;
  failed.clear();
  breaker.opened_at = now;
  wait_for_probe(breaker, now, rules.pause_first);
  return breaker;
}

/// The answer of a server that lives, but takes nothing under this key. How long it wants to be
/// left alone is true whenever the call began.
Breaker after_block(Breaker breaker,
                    const CallReport& report,
                    DatabaseTime now,
                    const BreakerRules& rules) {
  const bool was_blocked = is_blocked(breaker, now);
  leave_alone(breaker, report, now);
  if (breaker.is_open()) {
    // The answer to a call of before says nothing about the probe that is under way.
    if (report.probe) wait_for_probe(breaker, now, breaker.pause);
    return breaker;
  }
  if (!was_blocked) breaker.changed_at = now;
  breaker.failed_jobs.clear();
  begin_slowly(breaker, rules);
  return breaker;
}

Breaker after_success(Breaker breaker, DatabaseTime now, const BreakerRules& rules) {
  const bool blocked = is_blocked(breaker, now);
  if (!blocked) breaker.blocked_until.reset();
  if (breaker.is_open()) {
    breaker = Breaker{.changed_at = now, .blocked_until = breaker.blocked_until};
    begin_slowly(breaker, rules);
    return breaker;
  }
  if (blocked) return breaker;
  breaker.failed_jobs.clear();
  if (breaker.in_flight_max == 0 || ++breaker.successes < breaker.in_flight_max) return breaker;
  const int more = breaker.in_flight_max * 2;
  breaker.in_flight_max = more > rules.in_flight_end ? 0 : more;
  breaker.successes = 0;
  return breaker;
}

}  // namespace

Breaker after_report(Breaker breaker,
                     const CallReport& report,
                     DatabaseTime now,
                     const BreakerRules& rules) {
  switch (report.result) {
    case Result::nothing:
      if (report.probe) breaker.probing_until.reset();
      return breaker;
    case Result::throttled:
    case Result::refused:
      return after_block(std::move(breaker), report, now, rules);
    case Result::down:
      leave_alone(breaker, report, now);
      if (report.began_at < breaker.changed_at) return breaker;
      return after_failure(std::move(breaker), report, now, rules);
    case Result::up:
      break;
  }
  if (report.began_at < breaker.changed_at) return breaker;
  return after_success(std::move(breaker), now, rules);
}

Admission admission(const Breaker& breaker, DatabaseTime now) {
  using Kind = Admission::Kind;
  if (is_blocked(breaker, now)) return {Kind::none};
  if (breaker.is_open()) {
    const bool probing = breaker.probing_until && *breaker.probing_until > now;
    return {probing || breaker.probe_at > now ? Kind::none : Kind::one_probe};
  }
  if (breaker.in_flight_max > 0) return {Kind::few, breaker.in_flight_max};
  return {};
}

Breaker with_probe(Breaker breaker, DatabaseTime now, std::chrono::milliseconds lease) {
  breaker.probing_until = now + lease.count();
  return breaker;
}

}  // namespace autoreply

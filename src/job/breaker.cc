#include "job/breaker.h"

#include <algorithm>

namespace autoreply {
namespace {

Breaker closed(DatabaseTime now) {
  Breaker breaker;
  breaker.changed_at = now;
  return breaker;
}

void wait_for_probe(Breaker& breaker, DatabaseTime now, std::chrono::milliseconds pause) {
  breaker.pause = pause;
  breaker.probe_at = now + pause.count();
  breaker.probing_until.reset();
  breaker.changed_at = now;
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

}  // namespace

Breaker after_report(Breaker breaker,
                     const CallReport& report,
                     DatabaseTime now,
                     const BreakerRules& rules) {
  if (report.result == CallReport::Result::nothing) {
    if (report.probe) breaker.probing_until.reset();
    return breaker;
  }
  if (report.began_at < breaker.changed_at) return breaker;
  if (report.result == CallReport::Result::down) {
    return after_failure(std::move(breaker), report, now, rules);
  }
  if (breaker.is_open()) return closed(now);
  breaker.failed_jobs.clear();
  return breaker;
}

Admission admission(const Breaker& breaker, DatabaseTime now) {
  using Kind = Admission::Kind;
  if (!breaker.is_open()) return {};
  const bool probing = breaker.probing_until && *breaker.probing_until > now;
  return {probing || breaker.probe_at > now ? Kind::none : Kind::one_probe};
}

Breaker with_probe(Breaker breaker, DatabaseTime now, std::chrono::milliseconds lease) {
  breaker.probing_until = now + lease.count();
  return breaker;
}

}  // namespace autoreply

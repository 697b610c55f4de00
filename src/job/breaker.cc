#include "job/breaker.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace autoreply {
namespace {

using Sign = CallReport::Sign;
using Cause = Breaker::Cause;
using std::chrono::milliseconds;

constexpr std::size_t kRejectionsMax = 32;
/// Older rejections say nothing about the present.
constexpr milliseconds kRejectionAgeMax = std::chrono::hours(24);
/// Marks a refusal among the rejections. No answer has these words, since `rejection_words` drops
/// punctuation.
constexpr std::string_view kRefusal = "<refused>";
/// If this many contacts in a row are rejected in the same words, the cause goes beyond the job.
constexpr std::size_t kSameWordsMin = 5;
constexpr std::size_t kWorkspacesMin = 2;
constexpr std::size_t kRejectionsOfLoneMin = 2;
constexpr std::size_t kContactsMin = 3;

bool is_blocked(const Breaker& breaker, DatabaseTime now) {
  return breaker.blocked_until && *breaker.blocked_until > now;
}

void wait_for_probe(Breaker& breaker, DatabaseTime now, milliseconds pause) {
  breaker.pause = pause;
  breaker.probe_at = now + pause.count();
  breaker.probing_until.reset();
  breaker.changed_at = now;
}

milliseconds longest_pause(const Breaker& breaker, const BreakerRules& rules) {
  if (breaker.cause == Cause::down) return rules.pause_max;
  return breaker.scope == Scope::the_operator ? rules.refused_pause_max_operator
                                              : rules.refused_pause_max_workspace;
}

/// After a failed probe.
void wait_longer(Breaker& breaker,
                 const CallReport& report,
                 DatabaseTime now,
                 const BreakerRules& rules) {
  breaker.last_failed = report.workspace_id;
  wait_for_probe(breaker, now, std::min(breaker.pause * 2, longest_pause(breaker, rules)));
}

/// Blocks calls for as long as the peer asked.
void leave_alone(Breaker& breaker, const CallReport& report, DatabaseTime now) {
  if (report.wait.count() <= 0) return;
  breaker.blocked_until = std::max(breaker.blocked_until.value_or(0), now + report.wait.count());
}

void begin_slowly(Breaker& breaker, const BreakerRules& rules) {
  breaker.in_flight_max = rules.slow_start ? 1 : 0;
  breaker.successes = 0;
}

void note_acceptance(Breaker& breaker, const Acceptance& acceptance) {
  if (breaker.accepted_at && *breaker.accepted_at > acceptance.at) return;
  breaker.accepted_at = acceptance.at;
  breaker.accepted_job = acceptance.job;
}

bool opens(const std::vector<Failure>& failures, const BreakerRules& rules) {
  std::set<std::string_view> jobs;
  for (const Failure& failure : failures) jobs.insert(failure.job);
  const auto of_last = std::ranges::count(failures, failures.back().job, &Failure::job);
  return jobs.size() >= rules.failures_max ||
         static_cast<std::size_t>(of_last) >= rules.failures_of_one_max;
}

Breaker after_failure(Breaker breaker,
                      const CallReport& report,
                      DatabaseTime now,
                      const BreakerRules& rules) {
  if (breaker.is_open()) {
    if (report.probe) wait_longer(breaker, report, now, rules);
    return breaker;
  }
  if (!breaker.failing_since) breaker.failing_since = now;
  breaker.failures.push_back({report.job.value, report.workspace_id});
  if (!opens(breaker.failures, rules)) return breaker;
  breaker.failures.clear();
  breaker.opened_at = now;
  breaker.cause = Cause::down;
  breaker.scope = Scope::job;
  breaker.reason = report.reason;
  breaker.words.clear();
  breaker.last_failed = report.workspace_id;
  wait_for_probe(breaker, now, rules.pause_first);
  return breaker;
}

/// The peer is up but accepts nothing for now. The wait it asks for counts no matter when the call
/// began.
Breaker after_throttle(Breaker breaker,
                       const CallReport& report,
                       DatabaseTime now,
                       const BreakerRules& rules) {
  const bool was_blocked = is_blocked(breaker, now);
  leave_alone(breaker, report, now);
  if (breaker.is_open()) {
    // The answer to an earlier call says nothing about the probe under way.
    if (report.probe) wait_for_probe(breaker, now, breaker.pause);
    return breaker;
  }
  if (!was_blocked) breaker.changed_at = now;
  breaker.failures.clear();
  begin_slowly(breaker, rules);
  return breaker;
}

/// Remembers a refusal, because the peer may yet answer others with the same key: then the fault is
/// the workspace's.
void note_refusal(Breaker& breaker, const CallReport& report, DatabaseTime now) {
  std::erase_if(breaker.rejections, [&](const Rejection& one) {
    return one.words == kRefusal && one.workspace_id == report.workspace_id;
  });
  breaker.rejections.push_back({.job = report.job.value,
                                .workspace_id = report.workspace_id,
                                .contact_id = report.contact_id,
                                .words = std::string(kRefusal),
                                .at = now});
  if (breaker.rejections.size() > kRejectionsMax)
    breaker.rejections.erase(breaker.rejections.begin());
}

Breaker after_refusal(Breaker breaker,
                      const CallReport& report,
                      DatabaseTime now,
                      const BreakerRules& rules) {
  if (breaker.is_open() && !report.probe) return breaker;
  if (report.sign == Sign::refused) note_refusal(breaker, report, now);
  const bool was_refused = breaker.is_open() && breaker.cause == Cause::refused;
  if (!breaker.is_open()) breaker.opened_at = now;
  breaker.failures.clear();
  breaker.failing_since.reset();
  breaker.cause = Cause::refused;
  breaker.scope = report.scope;
  breaker.reason = report.reason;
  breaker.words = report.words;
  if (was_refused) {
    wait_longer(breaker, report, now, rules);
  } else {
    breaker.last_failed = report.workspace_id;
    wait_for_probe(breaker, now, rules.refused_pause_first);
  }
  return breaker;
}

void close(Breaker& breaker, DatabaseTime now, const BreakerRules& rules) {
  breaker = Breaker{.changed_at = now,
                    .blocked_until = breaker.blocked_until,
                    .accepted_at = breaker.accepted_at,
                    .accepted_job = std::move(breaker.accepted_job),
                    .rejections = std::move(breaker.rejections)};
  begin_slowly(breaker, rules);
}

Breaker after_answer(Breaker breaker,
                     const CallReport& report,
                     DatabaseTime now,
                     const BreakerRules& rules) {
  const bool blocked = is_blocked(breaker, now);
  if (!blocked) breaker.blocked_until.reset();
  if (report.accepted) {
    note_acceptance(breaker, {now, report.job.value});
    std::erase_if(breaker.rejections, [&](const Rejection& rejection) {
      return rejection.workspace_id == report.workspace_id;
    });
  }
  if (breaker.is_open()) {
    close(breaker, now, rules);
    return breaker;
  }
  if (blocked) return breaker;
  breaker.failures.clear();
  breaker.failing_since.reset();
  if (breaker.in_flight_max == 0 || ++breaker.successes < breaker.in_flight_max) return breaker;
  const int more = breaker.in_flight_max * 2;
  breaker.in_flight_max = more > rules.in_flight_end ? 0 : more;
  breaker.successes = 0;
  return breaker;
}

bool counts(const Rejection& rejection) {
  return rejection.evident || rejection.in_row;
}

/// Whether the rejection came after the peer last accepted something from any workspace.
bool is_since_acceptance(const Breaker& breaker, const Rejection& rejection) {
  return !breaker.accepted_at || rejection.at >= *breaker.accepted_at;
}

/// How many contacts in a row, counted back from the newest, were rejected in these words.
template <class Included>
std::size_t contacts_in_a_row(const Breaker& breaker, const std::string& words, Included included) {
  std::set<std::string_view> contacts;
  for (auto at = breaker.rejections.rbegin(); at != breaker.rejections.rend(); ++at) {
    if (!included(*at)) continue;
    if (at->words != words) break;
    contacts.insert(at->contact_id);
  }
  return contacts.size();
}

bool are_many_in_same_words(const Breaker& breaker,
                            const std::string& workspace_id,
                            const std::string& words) {
  if (words.empty()) return false;
  const auto of_all = [&](const Rejection& one) { return is_since_acceptance(breaker, one); };
  const auto of_workspace = [&](const Rejection& one) { return one.workspace_id == workspace_id; };
  return contacts_in_a_row(breaker, words, of_all) >= kSameWordsMin ||
         contacts_in_a_row(breaker, words, of_workspace) >= kSameWordsMin;
}

Breaker after_rejection(Breaker breaker,
                        const CallReport& report,
                        DatabaseTime now,
                        const BreakerRules& rules) {
  if (breaker.is_open()) {
    if (!report.probe) return breaker;
    const bool same =
        breaker.cause == Cause::refused && (report.evident || report.words == breaker.words);
    if (same) {
      wait_longer(breaker, report, now, rules);
      return breaker;
    }
    close(breaker, now, rules);
  }
  auto& rejections = breaker.rejections;
  if (!report.evident) {
    std::erase_if(rejections, [&](const Rejection& one) {
      return !one.evident && one.job == report.job.value;
    });
  }
  rejections.push_back({.job = report.job.value,
                        .workspace_id = report.workspace_id,
                        .contact_id = report.contact_id,
                        .words = report.words,
                        .at = now,
                        .evident = report.evident,
                        .attempt = report.attempt,
                        .attempts_before = report.attempts_before});
  if (rejections.size() > kRejectionsMax) rejections.erase(rejections.begin());
  if (!report.evident && are_many_in_same_words(breaker, report.workspace_id, report.words)) {
    for (Rejection& one : rejections) one.in_row = one.in_row || one.words == report.words;
  }
  const Scope scope =
      scope_by_evidence(breaker, report.workspace_id, report.words, report.lone_workspace);
  if (scope == Scope::the_operator) {
    return after_refusal(std::move(breaker), report, now, rules);
  }
  // A rejection at least shows that the peer is up.
  breaker.failures.clear();
  breaker.failing_since.reset();
  return breaker;
}

}  // namespace

Scope scope_by_evidence(const Breaker& breaker,
                        const std::string& workspace_id,
                        const std::string& words,
                        bool lone_workspace) {
  const auto& all = breaker.rejections;
  const auto last = std::find_if(all.rbegin(), all.rend(), [&](const Rejection& one) {
    return one.workspace_id == workspace_id && one.words == words;
  });
  if (last == all.rend() || !counts(*last)) return Scope::job;
  if (!breaker.accepted_at) return Scope::the_operator;
  std::set<std::string_view> workspaces;
  std::set<std::string_view> contacts;
  std::size_t since_acceptance = 0;
  for (const Rejection& one : all) {
    if (!counts(one)) continue;
    if (is_since_acceptance(breaker, one)) {
      workspaces.insert(one.workspace_id);
      ++since_acceptance;
    }
    if (one.workspace_id == workspace_id) contacts.insert(one.contact_id);
  }
  if (workspaces.size() >= kWorkspacesMin) return Scope::the_operator;
  if (lone_workspace && since_acceptance >= kRejectionsOfLoneMin) return Scope::the_operator;
  return contacts.size() >= kContactsMin ? Scope::workspace : Scope::job;
}

bool is_refused_alone(const Breaker& breaker, const std::string& workspace_id) {
  return std::ranges::any_of(breaker.rejections, [&](const Rejection& one) {
    return one.words == kRefusal && one.workspace_id == workspace_id && breaker.accepted_at &&
           *breaker.accepted_at > one.at;
  });
}

Breaker after_report(Breaker breaker,
                     const CallReport& report,
                     DatabaseTime now,
                     const BreakerRules& rules) {
  std::erase_if(breaker.rejections,
                [now](const Rejection& one) { return one.at < now - kRejectionAgeMax.count(); });
  if (report.accepted_before) note_acceptance(breaker, *report.accepted_before);
  const bool is_stale = report.began_at < breaker.changed_at;
  switch (report.sign) {
    case Sign::nothing:
      if (report.probe) breaker.probing_until.reset();
      return breaker;
    case Sign::throttled:
      return after_throttle(std::move(breaker), report, now, rules);
    case Sign::down:
      leave_alone(breaker, report, now);
      if (is_stale) return breaker;
      return after_failure(std::move(breaker), report, now, rules);
    case Sign::refused:
      if (is_stale) return breaker;
      return after_refusal(std::move(breaker), report, now, rules);
    case Sign::rejected:
      if (is_stale) return breaker;
      return after_rejection(std::move(breaker), report, now, rules);
    case Sign::up:
      break;
  }
  if (is_stale) return breaker;
  return after_answer(std::move(breaker), report, now, rules);
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

Breaker with_probe(Breaker breaker, DatabaseTime now, milliseconds lease) {
  breaker.probing_until = now + lease.count();
  return breaker;
}

}  // namespace autoreply

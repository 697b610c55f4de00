#include "report/summary_report.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/duration.h"
#include "base/shell_word.h"
#include "base/text.h"

namespace autoreply {
namespace {

std::string_view meaning(ExitStatus status) {
  switch (status) {
    case ExitStatus::ok:
      return "all is well";
    case ExitStatus::failed:
      return "at least one job failed for good";
    case ExitStatus::retry:
      return "some jobs are to be tried again; the next run does";
    case ExitStatus::unavailable:
      return "the database was lost";
    case ExitStatus::internal:
      return "something is broken; see the log";
    case ExitStatus::usage:
      return "wrong usage";
    case ExitStatus::misconfigured:
      return "somebody must change what is said above or in the log; nothing is lost meanwhile";
  }
  return "";
}

/// Null if there were generations but the cost of all of them is unknown.
nlohmann::ordered_json cost_json(const Summary& summary) {
  if (summary.priced == 0 && summary.unpriced > 0) return nullptr;
  return summary.dollars();
}

/// Lists what keeps jobs waiting: [{"breaker", "label", "scope", "reason", "jobs"}, ...].
nlohmann::ordered_json waiting_json(const Summary& summary) {
  auto waiting = nlohmann::ordered_json::array();
  for (const HeldBack& one : summary.breakers) {
    waiting.push_back({{"breaker", one.by.peer.name},
                       {"label", one.by.peer.label},
                       {"scope", one.scope == Scope::job ? "none" : to_string(one.scope)},
                       {"reason", one.by.breaker.reason},
                       {"jobs", one.jobs}});
  }
  return waiting;
}

std::string spent(const Summary& summary) {
  const std::string unpriced =
      summary.unpriced > 0 ? fmt::format(" and {} generations without a price", summary.unpriced)
                           : "";
  if (summary.priced == 0 && summary.unpriced > 0) {
    return fmt::format("{} tokens, cost unknown\n", summary.tokens);
  }
  return fmt::format("{} tokens, ${:.6f}{}\n", summary.tokens, summary.dollars(), unpriced);
}

/// Lists what due jobs wait for, one line each. Breakers that a person must fix come first, each
/// with the command that lets its jobs go on after the fix.
std::string waiting(const Summary& summary) {
  std::vector<HeldBack> breakers = summary.breakers;
  std::ranges::stable_sort(
      breakers, std::greater<>(), [](const HeldBack& one) { return static_cast<int>(one.scope); });
  std::string text;
  for (const HeldBack& one : breakers) {
    const std::string& reason = one.by.breaker.reason;
    text += one.jobs > 0 ? fmt::format("waiting: {} for ", one.jobs) : "refused: ";
    text += one.by.peer.label + (reason.empty() ? "" : ": " + reason) + "\n";
    if (one.scope == Scope::job) continue;
    text += fmt::format("  once that is mended: autoreply unblock {}\n",
                        shell_word(one_line(one.by.peer.name)));
  }
  return text;
}

/// Status 0 does not mean that nothing is waiting.
std::string_view meaning_of(const Summary& summary, ExitStatus status) {
  if (status != ExitStatus::ok) return meaning(status);
  const bool waits_for_person = summary.waits_for != Scope::job ||
                                std::ranges::any_of(summary.breakers, [](const HeldBack& one) {
                                  return one.scope != Scope::job;
                                });
  if (waits_for_person)
    return "nothing failed, but jobs wait for somebody to change a setting; see autoreply status";
  const bool waits = !summary.breakers.empty() || summary.throttled > 0 ||
                     summary.for_operator_last + summary.failed_last + summary.unfinished_last > 0;
  return waits ? "nothing failed that this run could mend; jobs are waiting" : meaning(status);
}

}  // namespace

std::string summary_json(const Summary& summary, ExitStatus status) {
  nlohmann::ordered_json document{{"run_id", summary.run_id}, {"claimed", summary.claimed}};
  for (const Outcome outcome : kOutcomes) document[to_string(outcome)] = summary.outcomes[outcome];
  document["lost"] = summary.lost;
  document["throttled"] = summary.throttled;
  document["held_back"] = summary.held_back;
  document["tokens"] = summary.tokens;
  document["cost"] = cost_json(summary);
  document["still_due"] = summary.still_due;
  document["duration_ms"] = summary.duration.count();
  document["exit_status"] = static_cast<int>(status);
  document["unpriced"] = summary.unpriced;
  document["segments"] = summary.segments;
  document["oldest_due_ms"] = summary.oldest_due.count();
  document["waiting"] = waiting_json(summary);
  if (!summary.misfit.empty()) document["error"] = summary.misfit;
  // Text from a host or provider may contain any bytes.
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string summary_text(const Summary& summary, ExitStatus status) {
  std::string text =
      fmt::format("claimed {} in {}\n", summary.claimed, format_duration(summary.duration));
  const auto add = [&text](std::string_view name, int count) {
    if (count > 0) text += fmt::format("  {:<10} {:>6}\n", name, count);
  };
  for (const Outcome outcome : kOutcomes) add(to_string(outcome), summary.outcomes[outcome]);
  add("lost", summary.lost);
  add("throttled", summary.throttled);
  add("held back", summary.held_back);
  if (summary.segments > 0) text += fmt::format("{} SMS segments\n", summary.segments);
  text += spent(summary);
  text += waiting(summary);
  if (!summary.misfit.empty()) text += summary.misfit + "\n";
  if (summary.still_due > 0) {
    text += fmt::format("{}{} still due\n",
                        summary.still_due,
                        summary.still_due >= kWaitingCountMax ? " or more" : "");
  }
  return text +
         fmt::format("exit status {}: {}\n", static_cast<int>(status), meaning_of(summary, status));
}

}  // namespace autoreply

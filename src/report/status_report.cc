#include "report/status_report.h"

#include <chrono>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "job/outcome.h"
#include "report/time_text.h"

namespace autoreply {
namespace {

using nlohmann::ordered_json;

/// Such as "retry: HTTP 500" of a group with the note "retried: HTTP 500".
std::string reason_text(const WaitingJobs& group) {
  std::string detail = one_line(group.detail);
  for (const Outcome outcome : kOutcomes) {
    const std::string word = std::string(to_string(outcome)) + ": ";
    if (detail.starts_with(word)) detail.erase(0, word.size());
  }
  if (detail.starts_with(group.reason)) return detail;
  return detail.empty() ? group.reason : group.reason + ": " + detail;
}

std::string waiting_line(const WaitingJobs& group) {
  std::string text = fmt::format("  {:>6}  {}", group.jobs, reason_text(group));
  if (!group.until.empty()) text += fmt::format(" (first at {})", time_text(group.until));
  return text + "\n";
}

std::string failed_line(const FailedJobs& group) {
  return fmt::format(
      "  {:>6}  {} (last at {})\n", group.jobs, one_line(group.cause), time_text(group.last_at));
}

std::string run_line(const RunEntry& run) {
  const std::string ago = age_text(run.since);
  const std::string host = one_line(run.host);
  if (run.has_died) {
    return fmt::format(
        "  died, last heard of {} ago on {}; its jobs go on when their leases end\n", ago, host);
  }
  if (run.ended_at.empty()) return fmt::format("  at work on {}\n", host);
  return fmt::format(
      "  ended {} ago with status {} on {}, {} claimed\n", ago, run.exit_status, host, run.claimed);
}

std::string breaker_lines(const OpenBreaker& breaker) {
  std::string text = fmt::format("  {}{}{}\n",
                                 one_line(breaker.label),
                                 breaker.reason.empty() ? "" : ": ",
                                 one_line(breaker.reason));
  if (!breaker.holds) return text + "    no job waits for it; it may be of former settings\n";
  if (!breaker.since.empty()) text += fmt::format("    since {}", time_text(breaker.since));
  if (!breaker.until.empty()) {
    text += fmt::format("{} at {}",
                        breaker.since.empty() ? "    takes calls again" : ", asked again",
                        time_text(breaker.until));
  }
  text += '\n';
  if (breaker.scope != Scope::job) {
    text += fmt::format("    once that is mended: autoreply unblock {}\n",
                        shell_word(one_line(breaker.name)));
  }
  return text;
}

ordered_json waiting_json(const std::vector<WaitingJobs>& groups) {
  ordered_json array = ordered_json::array();
  for (const WaitingJobs& group : groups) {
    array.push_back({{"reason", group.reason},
                     {"detail", group.detail},
                     {"jobs", group.jobs},
                     {"since", group.since},
                     {"until", group.until}});
  }
  return array;
}

ordered_json causes_json(const std::vector<FailedJobs>& groups) {
  ordered_json array = ordered_json::array();
  for (const FailedJobs& group : groups) {
    array.push_back({{"cause", group.cause}, {"jobs", group.jobs}, {"last_at", group.last_at}});
  }
  return array;
}

ordered_json runs_json(const std::vector<RunEntry>& runs) {
  ordered_json array = ordered_json::array();
  for (const RunEntry& run : runs) {
    array.push_back({{"run_id", run.run_id},
                     {"host", run.host},
                     {"started_at", run.started_at},
                     {"ended_at", run.ended_at},
                     {"since_ms", run.since.count()},
                     {"exit_status", run.exit_status},
                     {"claimed", run.claimed},
                     {"died", run.has_died}});
  }
  return array;
}

}  // namespace

std::string status_text(const QueueStatus& status) {
  std::string text = fmt::format("due          {}", status.due);
  if (status.oldest_due) text += fmt::format(", the oldest for {}", age_text(*status.oldest_due));
  text += fmt::format("\nin flight    {}\n", status.in_flight);
  if (status.lapsed > 0) {
    text += fmt::format("left behind  {} by runs that are gone; the next run takes them over\n",
                        status.lapsed);
  }
  if (status.foreign > 0) {
    text += fmt::format(
        "foreign      {} in processing by another service (autoreply list --status processing)\n",
        status.foreign);
  }
  const auto add = [](std::int64_t sum, const WaitingJobs& group) { return sum + group.jobs; };
  text += fmt::format(
      "waiting      {}\n",
      std::accumulate(status.waiting.begin(), status.waiting.end(), std::int64_t{0}, add));
  for (const WaitingJobs& group : status.waiting) text += waiting_line(group);
  if (!status.breakers.empty()) text += "breakers\n";
  for (const OpenBreaker& breaker : status.breakers) text += breaker_lines(breaker);
  text += fmt::format("failed       {} in the last 24 hours\n", status.failed);
  for (const FailedJobs& group : status.causes) text += failed_line(group);
  text += fmt::format("today        {} tokens{}\n",
                      status.today.tokens,
                      status.today.cost.empty() ? "" : ", $" + status.today.cost);
  if (!status.last_look) return text + "last run     none yet: nothing starts autoreply run\n";
  text += fmt::format("last run     {} ago on {}\n",
                      age_text(status.last_look->since),
                      one_line(status.last_look->host));
  for (const RunEntry& run : status.runs) text += run_line(run);
  return text;
}

std::string status_json(const QueueStatus& status, ExitStatus exit_status) {
  ordered_json object{
      {"due", status.due},
      {"oldest_due_ms", nullptr},
      {"in_flight", status.in_flight},
      {"lapsed", status.lapsed},
      {"foreign", status.foreign},
      {"pending", status.pending},
      {"waiting", waiting_json(status.waiting)},
      {"breakers", ordered_json::array()},
      {"failed", status.failed},
      {"causes", causes_json(status.causes)},
      {"today", {{"tokens", status.today.tokens}, {"cost", number_in(status.today.cost)}}},
      {"last_run", nullptr},
      {"runs", runs_json(status.runs)},
      {"exit_status", static_cast<int>(exit_status)}};
  if (status.oldest_due) object["oldest_due_ms"] = status.oldest_due->count();
  for (const OpenBreaker& breaker : status.breakers) {
    object["breakers"].push_back(
        {{"breaker", breaker.name},
         {"label", breaker.label},
         {"scope", breaker.scope == Scope::job ? "none" : to_string(breaker.scope)},
         {"reason", breaker.reason},
         {"since", breaker.since},
         {"until", breaker.until},
         {"holds", breaker.holds}});
  }
  if (const auto& look = status.last_look) {
    object["last_run"] = {
        {"at", look->at}, {"since_ms", look->since.count()}, {"host", look->host}};
  }
  return dump_in_order(object) + "\n";
}

}  // namespace autoreply

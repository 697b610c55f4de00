#include "report/status_report.h"

#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/duration.h"
#include "base/json_fields.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "report/time_text.h"

namespace autoreply {
namespace {

using nlohmann::ordered_json;
using std::chrono::duration_cast;
using std::chrono::seconds;

std::string age_text(std::chrono::milliseconds age) {
  return format_duration(duration_cast<seconds>(age));
}

std::string group_line(const JobGroup& group, std::string_view when) {
  return fmt::format(
      "  {:>6}  {}{}\n",
      group.jobs,
      group.reason.empty() ? "new" : one_line(group.reason),
      group.time.empty() ? "" : fmt::format(" ({} {})", when, time_text(group.time)));
}

std::string breaker_lines(const OpenBreaker& breaker) {
  std::string text = fmt::format("  {}{}{}\n",
                                 one_line(breaker.label),
                                 breaker.reason.empty() ? "" : ": ",
                                 one_line(breaker.reason));
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

ordered_json groups_json(const std::vector<JobGroup>& groups,
                         const char* reason,
                         const char* time) {
  ordered_json array = ordered_json::array();
  for (const JobGroup& group : groups) {
    array.push_back({{reason, group.reason}, {"jobs", group.jobs}, {time, group.time}});
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
  text += fmt::format("waiting      {}\n", status.pending - status.due);
  for (const JobGroup& group : status.waiting) text += group_line(group, "first at");
  if (!status.breakers.empty()) text += "breakers\n";
  for (const OpenBreaker& breaker : status.breakers) text += breaker_lines(breaker);
  text += fmt::format("failed       {} in the last 24 hours\n", status.failed);
  for (const JobGroup& group : status.causes) text += group_line(group, "last at");
  if (const auto& run = status.last_run) {
    return text + fmt::format("last run     {} ago with status {} on {}\n",
                              age_text(run->since),
                              run->exit_status,
                              one_line(run->host));
  }
  return text + "last run     none has claimed a job yet\n";
}

std::string status_json(const QueueStatus& status, ExitStatus exit_status) {
  ordered_json object{{"due", status.due},
                      {"oldest_due_ms", nullptr},
                      {"in_flight", status.in_flight},
                      {"lapsed", status.lapsed},
                      {"foreign", status.foreign},
                      {"pending", status.pending},
                      {"waiting", groups_json(status.waiting, "reason", "until")},
                      {"breakers", ordered_json::array()},
                      {"failed", status.failed},
                      {"causes", groups_json(status.causes, "cause", "last_at")},
                      {"last_run", nullptr},
                      {"exit_status", static_cast<int>(exit_status)}};
  if (status.oldest_due) object["oldest_due_ms"] = status.oldest_due->count();
  for (const OpenBreaker& breaker : status.breakers) {
    object["breakers"].push_back(
        {{"breaker", breaker.name},
         {"label", breaker.label},
         {"scope", breaker.scope == Scope::job ? "none" : to_string(breaker.scope)},
         {"reason", breaker.reason},
         {"since", breaker.since},
         {"until", breaker.until}});
  }
  if (const auto& run = status.last_run) {
    object["last_run"] = {{"finished_at", run->finished_at},
                          {"since_ms", run->since.count()},
                          {"exit_status", run->exit_status},
                          {"host", run->host}};
  }
  return dump_in_order(object) + "\n";
}

}  // namespace autoreply

#include "cli/doctor_rules.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "context/opt_out_status.h"
#include "report/time_text.h"

namespace autoreply {
namespace {

using Level = Diagnosis::Level;
using std::chrono::milliseconds;

constexpr milliseconds kClockOff = std::chrono::seconds(5);
constexpr milliseconds kLongTransaction = std::chrono::minutes(10);
/// A schedule that starts a run a minute has stopped, if none has looked for so long.
constexpr milliseconds kNoRun = std::chrono::minutes(10);
/// How many ignored columns of a table are named.
constexpr std::size_t kIgnoredMax = 12;

std::string value_text(const ValueCount& value) {
  return value.value.empty() ? "(none)" : one_line(value.value);
}

/// The values by what they count as: "inbound: in, Inbound; unknown: sideways".
template <class Meaning>
std::string meanings(const std::vector<ValueCount>& values, const Meaning& meaning) {
  std::map<std::string, std::vector<std::string>> by_meaning;
  for (const ValueCount& value : values) {
    by_meaning[meaning(value.value)].push_back(value_text(value));
  }
  std::vector<std::string> parts;
  parts.reserve(by_meaning.size());
  for (const auto& [name, texts] : by_meaning) {
    parts.push_back(fmt::format("{}: {}", name, fmt::join(texts, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

/// A column that is not there may be one of those that are ignored, under another name.
Diagnosis diagnose_columns(const TableColumns& table) {
  std::string text = fmt::format("{}: uses {}", table.table, fmt::join(table.used, ", "));
  if (!table.absent.empty()) {
    text += fmt::format("; does without {}", fmt::join(table.absent, ", "));
  }
  if (!table.ignored.empty()) {
    const std::size_t shown = std::min(table.ignored.size(), kIgnoredMax);
    text += fmt::format("; ignores {}",
                        fmt::join(table.ignored.begin(),
                                  table.ignored.begin() + static_cast<std::ptrdiff_t>(shown),
                                  ", "));
    if (shown < table.ignored.size()) {
      text += fmt::format(" and {} more", table.ignored.size() - shown);
    }
  }
  if (table.absent.empty() || table.ignored.empty()) return {Level::ok, "columns", text};
  return {Level::note,
          "columns",
          text,
          fmt::format("if an ignored column is a missing one under another name, make a view that "
                      "renames it, and pass the view's name with {}",
                      table.option)};
}

}  // namespace

std::vector<Diagnosis> diagnose_values(const Checkup& checkup,
                                       const std::vector<std::string>& message_types,
                                       const RunOptions& options) {
  std::vector<Diagnosis> found;
  for (const TableColumns& table : checkup.columns) found.push_back(diagnose_columns(table));
  const auto direction = [](const std::string& value) -> std::string {
    return value == "inbound" || value == "outbound" ? "known" : "ignored";
  };
  const auto type = [&message_types](const std::string& value) -> std::string {
    const bool known =
        value.empty() || std::ranges::find(message_types, value) != message_types.end();
    return known ? "text" : "ignored";
  };
  const auto status = [&options](const std::string& value) -> std::string {
    return says_opted_out(value, options.opted_out_statuses) ? "opted out" : "may be written to";
  };
  if (!checkup.directions.empty()) {
    const bool odd = std::ranges::any_of(checkup.directions, [&](const ValueCount& value) {
      return direction(value.value) == "ignored";
    });
    found.push_back({odd ? Level::note : Level::ok,
                     "values",
                     "direction of messages: " + meanings(checkup.directions, direction),
                     odd ? "use inbound and outbound, or bridge the column with a view" : ""});
    found.push_back(
        {Level::ok, "values", "type of messages: " + meanings(checkup.message_types, type)});
  }
  if (!checkup.contact_statuses.empty()) {
    found.push_back(
        {Level::ok, "values", "status of contacts: " + meanings(checkup.contact_statuses, status)});
  }
  return found;
}

std::vector<Diagnosis> diagnose_queue(const Checkup& checkup, const RunOptions& options) {
  std::vector<Diagnosis> found;
  if (!checkup.unconfigured.empty()) {
    found.push_back({Level::note,
                     "workspaces",
                     fmt::format("jobs wait, and there is no configuration of {}",
                                 fmt::join(checkup.unconfigured, ", ")),
                     "add a row for each to the configuration table"});
  }
  if (checkup.old_jobs > 0) {
    const bool sends = options.max_age.count() == 0 || options.max_age > std::chrono::hours(24);
    found.push_back(
        {Level::note,
         "queue",
         fmt::format("{} pending jobs are older than a day; with --max-age {}, the next run {}",
                     checkup.old_jobs,
                     format_duration(options.max_age),
                     sends ? "answers them" : "ends them as expired"),
         sends ? "end them with 'autoreply cancel --until 1d' if customers no longer want these "
                 "answers"
               : "answer them with 'autoreply retry --until 1d' if customers still want that"});
  }
  if (checkup.foreign > 0) {
    found.push_back({Level::note,
                     "queue",
                     fmt::format("{} jobs have been in processing by another service for over an "
                                 "hour, and autoreply leaves them alone",
                                 checkup.foreign),
                     "if that service is gone: autoreply list --status processing, then "
                     "autoreply retry ID"});
  }
  if (checkup.lapsed > 0) {
    found.push_back({Level::wrong,
                     "queue",
                     fmt::format("{} jobs were left behind by runs that are gone, and no run has "
                                 "taken them over",
                                 checkup.lapsed),
                     "start autoreply run, and see why the schedule does not"});
  }
  if (checkup.created_in_hour > 2 * checkup.finished_in_hour + 100) {
    found.push_back({Level::note,
                     "queue",
                     fmt::format("the backlog grows: {} jobs came in the last hour, {} ended",
                                 checkup.created_in_hour,
                                 checkup.finished_in_hour),
                     "see autoreply status; run more often, with --drain, or with a higher "
                     "--concurrency"});
  }
  if (checkup.longest_transaction && *checkup.longest_transaction > kLongTransaction) {
    found.push_back({Level::note,
                     "database",
                     fmt::format("a transaction of another session has been open for {}, and keeps "
                                 "vacuum from cleaning the queue",
                                 age_text(*checkup.longest_transaction)),
                     "find it in pg_stat_activity (xact_start) and end it"});
  }
  if (found.empty()) {
    found.push_back({Level::ok, "queue", fmt::format("{} pending jobs", checkup.pending)});
  }
  return found;
}

std::vector<Diagnosis> diagnose_connection(const ConnectionFacts& facts) {
  std::vector<Diagnosis> found;
  if (facts.pooled) {
    found.push_back({Level::ok,
                     "database",
                     "reached through a pooler in transaction mode: runs work there",
                     "give migrate a direct connection"});
  }
  if (!facts.locks_exclude) {
    found.push_back({Level::wrong,
                     "database",
                     "its advisory locks do not exclude other sessions, so two runs may claim the "
                     "same jobs",
                     "use PostgreSQL itself"});
  }
  return found;
}

Diagnosis diagnose_clock(const Checkup& checkup, std::chrono::system_clock::time_point now) {
  const milliseconds here = std::chrono::duration_cast<milliseconds>(now.time_since_epoch());
  const milliseconds off = here - milliseconds(checkup.now);
  if (std::chrono::abs(off) < kClockOff) return {Level::ok, "clock", "agrees with the database's"};
  return {Level::note,
          "clock",
          fmt::format("this machine's clock is {} {} the database's, which alone counts",
                      age_text(std::chrono::abs(off)),
                      off.count() > 0 ? "ahead of" : "behind"),
          "set both by NTP: certificates and the times that providers name need it"};
}

std::vector<Diagnosis> diagnose_workspaces(const std::vector<WorkspaceTerms>& workspaces,
                                           const Generator& generator) {
  std::vector<Diagnosis> found;
  std::map<std::string, int> sources;
  std::map<std::string, int> unpriced;
  for (const WorkspaceTerms& terms : workspaces) {
    if (!terms.config) continue;
    const Route route = generator.route_of(terms.workspace_id, terms.config);
    const std::string name = fmt::format("workspace {}: ", one_line(terms.workspace_id));
    if (!route.problem.empty()) {
      found.push_back({Level::wrong, "keys", name + one_line(route.problem)});
    } else {
      ++sources[fmt::format(
          "{}: {}", route.provider, route.key_source.empty() ? "needs no key" : route.key_source)];
      const std::string model(trimmed(terms.config->model));
      if (!generator.knows_price(route.provider, model)) {
        ++unpriced[fmt::format("{} of {}", one_line(model), route.provider)];
      }
    }
    if (!route.fallback_problem.empty()) {
      found.push_back(
          {Level::note, "keys", name + "its fallback: " + one_line(route.fallback_problem)});
    }
  }
  for (const auto& [source, count] : sources) {
    found.push_back({Level::ok, "keys", fmt::format("{} ({} workspaces)", source, count)});
  }
  for (const auto& [model, count] : unpriced) {
    found.push_back({Level::note,
                     "prices",
                     fmt::format("no price is known for {} ({} workspaces)", model, count),
                     "check the model's name; name its price in --price-file"});
  }
  return found;
}

Diagnosis diagnose_callback(const Answer& answer, const std::string& label) {
  switch (answer.finding) {
    case Finding::unreachable:
    case Finding::no_resources:
    case Finding::not_sent:
      return {Level::wrong,
              "callback",
              answer.reason,
              "see that the host runs, and that --callback-url names it"};
    case Finding::misdirected:
      return {
          Level::wrong, "callback", answer.reason, "correct --callback-token or --callback-url"};
    case Finding::web_page:
      return {Level::wrong,
              "callback",
              answer.reason,
              "--callback-url leads to a web site, not to the host's /send-sms"};
    case Finding::unanswered:
    case Finding::busy:
    case Finding::throttled:
      return {Level::note, "callback", answer.reason, "see the host's log"};
    default:
      return {Level::ok, "callback", label + " answers, and takes the token"};
  }
}

std::vector<Diagnosis> diagnose_status(const QueueStatus& status) {
  std::vector<Diagnosis> found;
  for (const OpenBreaker& breaker : status.breakers) {
    if (!breaker.holds) {
      found.push_back({Level::note,
                       "breakers",
                       fmt::format("no job waits for {}: {}; it may be of former settings",
                                   one_line(breaker.label),
                                   one_line(breaker.reason))});
      continue;
    }
    if (breaker.scope == Scope::job) {
      found.push_back({Level::note,
                       "breakers",
                       fmt::format("{} takes no calls for now: {}",
                                   one_line(breaker.label),
                                   one_line(breaker.reason))});
      continue;
    }
    found.push_back(
        {Level::wrong,
         "breakers",
         fmt::format("{}: {}", one_line(breaker.label), one_line(breaker.reason)),
         "once that is mended: autoreply unblock " + shell_word(one_line(breaker.name))});
  }
  if (!status.last_look) {
    found.push_back({Level::note,
                     "schedule",
                     "no run has looked at this queue yet",
                     "schedule autoreply run; cron/ has examples"});
  } else if (status.last_look->since > kNoRun) {
    const bool waits = status.due > 0;
    found.push_back({waits ? Level::wrong : Level::note,
                     "schedule",
                     fmt::format("the last run was {} ago on {}",
                                 age_text(status.last_look->since),
                                 one_line(status.last_look->host)),
                     "see whether the schedule is alive (systemctl list-timers, kubectl get "
                     "cronjobs)"});
  } else {
    found.push_back({Level::ok,
                     "schedule",
                     fmt::format("the last run was {} ago", age_text(status.last_look->since))});
  }
  for (const RunEntry& run : status.runs) {
    if (!run.has_died) continue;
    found.push_back(
        {Level::note,
         "schedule",
         fmt::format(
             "run {} on {} has died {} ago", run.run_id, one_line(run.host), age_text(run.since)),
         "see its log for the reason, such as a lack of memory"});
  }
  return found;
}

}  // namespace autoreply

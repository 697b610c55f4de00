#include "report/html_report.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/duration.h"
#include "report/bar_chart.h"
#include "report/html_text.h"
#include "report/time_text.h"
#include "report_page.h"

namespace autoreply {
namespace {

/// Tables with more columns are laid out otherwise on a phone.
constexpr std::size_t kColumnsOnPhone = 5;

/// As many as the statement for the report returns.
constexpr std::size_t kDaysMax = 400;

/// Says long times in two units, so they fit their places.
std::string seconds_text(const std::optional<double>& seconds) {
  if (!seconds) return "–";
  if (*seconds < 10) return fmt::format("{:.1f}s", std::max(0.0, *seconds));
  const auto whole = std::chrono::seconds(static_cast<std::int64_t>(*seconds));
  if (whole >= std::chrono::days(1)) {
    return format_duration(std::chrono::floor<std::chrono::hours>(whole));
  }
  if (whole >= std::chrono::hours(1)) {
    return format_duration(std::chrono::floor<std::chrono::minutes>(whole));
  }
  return format_duration(whole);
}

std::string minute_text(const std::string& iso_time) {
  return time_text(iso_time).substr(0, sizeof "2026-11-26 10:00" - 1);
}

/// Returns "12,345,678".
std::string count_text(std::int64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

/// Databases return any number of digits, SQLite with the noise of binary fractions.
std::string cost_text(const std::string& dollars) {
  if (dollars.empty()) return "not known";
  const double cost = std::strtod(dollars.c_str(), nullptr);
  return cost > 0 && cost < 0.0001 ? "under $0.0001" : fmt::format("${:.4f}", cost);
}

std::string figure(std::string_view value, std::string_view of, bool alarming = false) {
  return fmt::format("<div class=\"figure\"><b{}>{}</b><span>{}</span></div>\n",
                     alarming ? " class=\"alarming\"" : "",
                     html_text(value),
                     html_text(of));
}

struct Column {
  std::string_view title;
  bool is_number = false;
};

std::string cell(const Column& column, const std::string& text) {
  if (!column.is_number) return fmt::format("<td>{}</td>", html_text(text));
  return fmt::format(
      "<td class=\"number\" data-of=\"{}\">{}</td>", html_text(column.title), html_text(text));
}

std::string table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "<p>None.</p>\n";
  std::string html = fmt::format("<div class=\"wide\"><table{}><thead><tr>",
                                 columns.size() > kColumnsOnPhone ? " class=\"stacked\"" : "");
  for (const Column& column : columns) {
    html += fmt::format("<th scope=\"col\"{}>{}</th>",
                        column.is_number ? " class=\"number\"" : "",
                        html_text(column.title));
  }
  html += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (std::size_t at = 0; at < columns.size(); ++at) html += cell(columns[at], row.at(at));
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string heading(std::string_view text) {
  return fmt::format("<h2>{}</h2>\n", html_text(text));
}

std::string figures(const PeriodReport& report) {
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  for (const DayOfJobs& day : report.days) {
    completed += day.completed;
    failed += day.failed;
  }
  return "<div class=\"figures\">\n" + figure(count_text(completed), "replies sent") +
         figure(seconds_text(report.median_s), "median time to the reply") +
         figure(seconds_text(report.p95_s), "95 % were faster") +
         figure(count_text(failed), "jobs failed", failed > 0) +
         figure(count_text(report.due), "due now") +
         figure(seconds_text(report.oldest_due_s), "the oldest has been due") + "</div>\n";
}

std::optional<std::chrono::sys_days> day_of(const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return text.size() > at ? std::atoi(text.substr(at, size).c_str()) : 0;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

/// Adds the days between others on which no job ended, so that they are gaps in a chart.
std::vector<DayOfJobs> without_leaps(const std::vector<DayOfJobs>& days) {
  std::vector<DayOfJobs> all;
  for (const DayOfJobs& day : days) {
    const auto next = day_of(day.day);
    auto missing = all.empty() ? std::nullopt : day_of(all.back().day);
    while (next && missing && ++*missing < *next && all.size() < kDaysMax) {
      all.push_back({.day = fmt::format("{:%F}", *missing)});
    }
    all.push_back(day);
  }
  return all;
}

std::string days(const PeriodReport& report) {
  std::vector<Bar> counts;
  std::vector<Bar> times;
  for (const DayOfJobs& day : without_leaps(report.days)) {
    const std::string label = day.day.size() > 5 ? day.day.substr(5) : day.day;
    counts.push_back({label,
                      fmt::format("{}: {} completed, {} skipped, {} failed",
                                  day.day,
                                  day.completed,
                                  day.skipped,
                                  day.failed),
                      {{"completed", static_cast<double>(day.completed)},
                       {"skipped", static_cast<double>(day.skipped)},
                       {"failed", static_cast<double>(day.failed)}}});
    times.push_back({label,
                     fmt::format("{}: median {}, 95th percentile {}",
                                 day.day,
                                 seconds_text(day.median_s),
                                 seconds_text(day.p95_s)),
                     {{"median", day.median_s.value_or(0)}, {"p95", day.p95_s.value_or(0)}}});
  }
  return heading("Jobs by day") +
         bar_chart(
             counts,
             true,
             "Jobs that ended, by day (UTC).",
             [](double jobs) { return count_text(static_cast<std::int64_t>(jobs)) + " jobs"; }) +
         heading("Time to the reply") +
         bar_chart(
             times, false, "From the entry in the queue to the reply, by day (UTC).", seconds_text);
}

std::string failures(const PeriodReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const JobsCount& one : report.failures) rows.push_back({one.what, count_text(one.jobs)});
  std::vector<std::vector<std::string>> attempts;
  for (const JobsCount& one : report.attempts) {
    attempts.push_back({one.what, count_text(one.jobs)});
  }
  return heading("Failures") + table({{"cause"}, {"jobs", true}}, rows) + heading("Attempts") +
         table({{"attempts used"}, {"jobs that ended", true}}, attempts);
}

std::string models(const PeriodReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const ModelUse& one : report.models) {
    rows.push_back({one.workspace_id,
                    one.provider,
                    one.model,
                    count_text(one.replies),
                    count_text(one.tokens),
                    cost_text(one.cost)});
  }
  return heading("Tokens and cost") + table({{"workspace"},
                                             {"provider"},
                                             {"model"},
                                             {"replies", true},
                                             {"tokens", true},
                                             {"cost", true}},
                                            rows);
}

std::string runs(const PeriodReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const DayOfRuns& one : report.runs) {
    rows.push_back({one.day,
                    count_text(one.runs),
                    count_text(one.ended_well),
                    count_text(one.died),
                    count_text(one.claimed)});
  }
  return heading("Runs that found something to do") + table({{"day"},
                                                             {"runs", true},
                                                             {"ended with 0", true},
                                                             {"died", true},
                                                             {"jobs claimed", true}},
                                                            rows);
}

}  // namespace

std::string html_report(const PeriodReport& report) {
  return fmt::format(
             "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<title>autoreply</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n"
             "<h1>autoreply</h1>\n<p>{} to {} UTC</p>\n",
             embedded::report_page,
             html_text(minute_text(report.since)),
             html_text(minute_text(report.until))) +
         figures(report) + days(report) + failures(report) + models(report) + runs(report) +
         "</main>\n</body>\n</html>\n";
}

}  // namespace autoreply

#include "report/html_report.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/duration.h"
#include "base/text.h"
#include "report/time_text.h"
#include "report_page.h"

namespace autoreply {
namespace {

// The charts' own units.
constexpr double kWidth = 720;
constexpr double kHeight = 200;
constexpr double kMargin = 24;

std::string escaped(std::string_view text) {
  std::string html;
  for (const char character : one_line(to_valid_utf8(text))) {
    switch (character) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += character;
    }
  }
  return html;
}

std::string seconds_text(const std::optional<double>& seconds) {
  if (!seconds) return "–";
  if (*seconds < 10) return fmt::format("{:.1f}s", std::max(0.0, *seconds));
  return format_duration(std::chrono::seconds(static_cast<std::int64_t>(*seconds)));
}

std::string figure(std::string_view value, std::string_view of) {
  return fmt::format(
      "<div class=\"figure\"><b>{}</b><span>{}</span></div>\n", escaped(value), escaped(of));
}

/// One part of a bar.
struct Part {
  std::string_view name;  ///< also the class that colours it
  double value = 0;
};

struct Bar {
  std::string label;
  std::string title;
  std::vector<Part> parts;
};

/// A chart of bars, whose parts stand on each other or, if not `stacked`, side by side.
/// `text_of` says the value of the highest one.
std::string chart(const std::vector<Bar>& bars,
                  bool stacked,
                  std::string_view caption,
                  const std::function<std::string(double)>& text_of) {
  if (bars.empty()) return "<p>Nothing in this period.</p>\n";
  double top = 0;
  for (const Bar& bar : bars) {
    double sum = 0;
    for (const Part& part : bar.parts) sum = stacked ? sum + part.value : std::max(sum, part.value);
    top = std::max(top, sum);
  }
  const double scale = top > 0 ? (kHeight - 2 * kMargin) / top : 0;
  const double step = (kWidth - 2 * kMargin) / static_cast<double>(bars.size());
  std::string svg =
      fmt::format("<figure><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                  kWidth,
                  kHeight,
                  escaped(caption));
  svg += fmt::format(
      "<line x1=\"{0}\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\"/><text x=\"{0}\" y=\"{2}\">{3}</text>\n",
      kMargin,
      kWidth - kMargin,
      kMargin - 6,
      escaped(text_of(top)));
  std::string legend;
  for (const Part& part : bars.front().parts) {
    legend += fmt::format("<i class=\"{0}\"></i>{0}", part.name);
  }
  for (std::size_t at = 0; at < bars.size(); ++at) {
    const double left = kMargin + step * static_cast<double>(at);
    double bottom = kHeight - kMargin;
    double x = left + 0.1 * step;
    const double width =
        0.8 * step /
        (stacked ? 1 : static_cast<double>(std::max<std::size_t>(1, bars[at].parts.size())));
    svg += fmt::format("<g><title>{}</title>", escaped(bars[at].title));
    for (const Part& part : bars[at].parts) {
      const double height = part.value * scale;
      svg += fmt::format(
          "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>",
          part.name,
          x,
          bottom - height,
          width,
          height);
      if (stacked) {
        bottom -= height;
      } else {
        x += width;
      }
    }
    svg += "</g>\n";
    // As many labels as there is room for.
    const std::size_t every = 1 + bars.size() / 10;
    if (at % every == 0) {
      svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                         left + step / 2,
                         kHeight - 8,
                         escaped(bars[at].label));
    }
  }
  return svg +
         fmt::format("</svg><figcaption>{} {}</figcaption></figure>\n", escaped(caption), legend);
}

struct Column {
  std::string_view title;
  bool is_number = false;
};

std::string table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "<p>None.</p>\n";
  const auto class_of = [&](std::size_t at) {
    return columns[at].is_number ? " class=\"number\"" : "";
  };
  std::string html = "<div class=\"wide\"><table><thead><tr>";
  for (std::size_t at = 0; at < columns.size(); ++at) {
    html += fmt::format("<th{}>{}</th>", class_of(at), escaped(columns[at].title));
  }
  html += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    html += "<tr>";
    for (std::size_t at = 0; at < columns.size(); ++at) {
      html += fmt::format("<td{}>{}</td>", class_of(at), escaped(row.at(at)));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string heading(std::string_view text) {
  return fmt::format("<h2>{}</h2>\n", escaped(text));
}

std::string figures(const PeriodReport& report) {
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  for (const DayOfJobs& day : report.days) {
    completed += day.completed;
    failed += day.failed;
  }
  return "<div class=\"figures\">\n" + figure(std::to_string(completed), "replies sent") +
         figure(seconds_text(report.median_s), "median time to the reply") +
         figure(seconds_text(report.p95_s), "95 % were faster") +
         figure(std::to_string(failed), "jobs failed") +
         figure(std::to_string(report.due), "due now") +
         figure(seconds_text(report.oldest_due_s), "the oldest has been due") + "</div>\n";
}

std::string days(const PeriodReport& report) {
  std::vector<Bar> counts;
  std::vector<Bar> times;
  for (const DayOfJobs& day : report.days) {
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
         chart(counts,
               true,
               "Jobs that ended, by day (UTC).",
               [](double jobs) { return fmt::format("{:.0f} jobs", jobs); }) +
         heading("Time to the reply") +
         chart(
             times, false, "From the entry in the queue to the reply, by day (UTC).", seconds_text);
}

std::string failures(const PeriodReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const JobsCount& one : report.failures) rows.push_back({one.what, std::to_string(one.jobs)});
  std::vector<std::vector<std::string>> attempts;
  for (const JobsCount& one : report.attempts) {
    attempts.push_back({one.what, std::to_string(one.jobs)});
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
                    std::to_string(one.replies),
                    std::to_string(one.tokens),
                    one.cost.empty() ? "not known" : "$" + one.cost});
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
                    std::to_string(one.runs),
                    std::to_string(one.ended_well),
                    std::to_string(one.died),
                    std::to_string(one.claimed)});
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
             escaped(time_text(report.since)),
             escaped(time_text(report.until))) +
         figures(report) + days(report) + failures(report) + models(report) + runs(report) +
         "</main>\n</body>\n</html>\n";
}

}  // namespace autoreply

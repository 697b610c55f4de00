#include "cli/report_command.h"

#include <chrono>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/output.h"
#include "base/whole_file.h"
#include "cli/error_report.h"
#include "cli/instant.h"
#include "report/html_report.h"
#include "store/database.h"

namespace autoreply {
ExitStatus report_command(const GlobalOptions& global, const ReportOptions& options) {
  if (options.html.empty()) {
    return report_failure("--html is missing: name the file for the page, such as report.html",
                          ExitStatus::usage,
                          global.output);
  }
  std::string since = options.since;
  if (since.empty()) {
    const auto week = parse_instant("7d", std::chrono::system_clock::now());
    if (!week) return report_error(week.error(), global.output);
    since = *week;
  }
  auto inspector = open_inspector(global.database);
  if (!inspector) return report_error(inspector.error(), global.output);
  const auto report = (*inspector)->report(since, options.workspaces);
  if (!report) return report_error(report.error(), global.output);
  if (!write_whole_file(options.html, html_report(*report)).empty()) {
    return report_error({ErrorKind::misconfigured,
                         fmt::format("--html {} cannot be written: name a file in a directory that "
                                     "can be written to",
                                     options.html)},
                        global.output);
  }
  print_out(global.output == OutputFormat::json
                ? dump_in_order({{"html", options.html}, {"exit_status", 0}}) + "\n"
                : fmt::format("wrote {}\n", options.html));
  return ExitStatus::ok;
}

}  // namespace autoreply

#include "cli/list_command.h"

#include <algorithm>

#include "base/output.h"
#include "cli/error_report.h"
#include "report/job_report.h"
#include "store/database.h"

namespace autoreply {
namespace {

/// A list is held in memory.
constexpr int kListedMax = 10'000;

Result<JobList> read_list(const GlobalOptions& global, const ListOptions& options) {
  auto inspector = open_inspector(global.database);
  if (!inspector) return fail(inspector.error());
  return (*inspector)->list(options.selection, std::min(options.limit, kListedMax));
}

}  // namespace

ExitStatus list_command(const GlobalOptions& global, const ListOptions& options) {
  const auto list = read_list(global, options);
  if (!list) return report_error(list.error(), global.output);
  print_out(global.output == OutputFormat::json ? list_json(*list) : list_text(*list));
  return ExitStatus::ok;
}

}  // namespace autoreply

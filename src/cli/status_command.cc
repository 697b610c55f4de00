#include "cli/status_command.h"

#include "base/output.h"
#include "cli/error_report.h"
#include "report/status_report.h"
#include "store/database.h"

namespace autoreply {
namespace {

Result<QueueStatus> read_status(const GlobalOptions& global, const StatusOptions& options) {
  auto inspector = open_inspector(global.database);
  if (!inspector) return fail(inspector.error());
  return (*inspector)->status(options.workspaces);
}

}  // namespace

ExitStatus status_command(const GlobalOptions& global, const StatusOptions& options) {
  const auto status = read_status(global, options);
  if (!status) return report_error(status.error(), global.output);
  const bool lags = options.max_lag.count() > 0 && status->oldest_due > options.max_lag;
  const ExitStatus exit_status = lags ? ExitStatus::failed : ExitStatus::ok;
  print_out(global.output == OutputFormat::json ? status_json(*status, exit_status)
                                                : status_text(*status));
  return exit_status;
}

}  // namespace autoreply

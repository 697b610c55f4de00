#include "cli/migrate_command.h"

#include <fmt/format.h>

#include "base/output.h"
#include "cli/error_report.h"
#include "store/database.h"

namespace autoreply {

ExitStatus migrate_command(const GlobalOptions& global, const MigrateOptions& options) {
  if (options.print) {
    const auto text = migration_sql(global.database);
    if (!text) return report_error(text.error());
    print_out(*text);
    return ExitStatus::ok;
  }
  const auto lines = migrate(global.database);
  if (!lines) return report_error(lines.error());
  print_out(fmt::format("{}\n", fmt::join(*lines, "\n")));
  return ExitStatus::ok;
}

}  // namespace autoreply

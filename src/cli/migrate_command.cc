#include "cli/migrate_command.h"

#include <cstdio>

#include <fmt/format.h>

#include "cli/error_report.h"
#include "store/database.h"

namespace autoreply {

ExitStatus migrate_command(const GlobalOptions& global, const MigrateOptions& options) {
  if (options.print) {
    const auto text = migration_sql(global.database);
    if (!text) return report_error(text.error());
    fmt::print("{}", *text);
    return ExitStatus::ok;
  }
  const auto lines = migrate(global.database);
  if (!lines) return report_error(lines.error());
  for (const std::string& line : *lines) fmt::print("{}\n", line);
  return ExitStatus::ok;
}

}  // namespace autoreply

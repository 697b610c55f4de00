#include "cli/migrate_command.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/output.h"
#include "cli/doctor_command.h"
#include "cli/error_report.h"
#include "cli/progress.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

/// If a scheduled job lost its setting, it would otherwise migrate an empty new database and report
/// success.
Result<void> may_make_file(const GlobalOptions& global) {
  const bool person = isatty(STDIN_FILENO) == 1 || isatty(STDOUT_FILENO) == 1;
  if (global.database_given || person) return {};
  std::error_code unknown;
  if (std::filesystem::exists(sqlite_path(global.database.url), unknown)) return {};
  return fail(
      ErrorKind::misconfigured,
      "--database is missing: give the URL of the database to migrate (sqlite:PATH creates a "
      "new file)");
}

void print_object(nlohmann::ordered_json object) {
  object["exit_status"] = static_cast<int>(ExitStatus::ok);
  print_out(object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

/// Shows each step that takes long.
MigrationListener progress_listener() {
  if (!Progress::is_visible()) return {};
  struct Shown {
    std::string step;
    std::optional<Progress> progress;
  };
  return [shown = std::make_shared<Shown>()](const MigrationProgress& now) {
    if (now.step != shown->step) {
      shown->step = now.step;
      shown->progress.emplace(now.step);
    }
    shown->progress->show(now.done, now.total);
  };
}

ExitStatus print_sql(const GlobalOptions& global, const MigrateOptions& options) {
  auto text = migration_sql(global.database);
  if (!text) return report_error(text.error(), global.output);
  if (!options.grant_to.empty()) {
    const auto rights = rights_sql(global.database, options.grant_to);
    if (!rights) return report_error(rights.error(), global.output);
    *text += *rights;
  }
  if (global.output == OutputFormat::json) {
    print_object({{"sql", *text}});
  } else {
    print_out(*text);
  }
  return ExitStatus::ok;
}

}  // namespace

ExitStatus migrate_command(const GlobalOptions& global, const MigrateOptions& options) {
  if (options.print) return print_sql(global, options);
  if (const auto fit = may_make_file(global); !fit) return report_error(fit.error(), global.output);
  if (!options.grant_to.empty()) {
    const auto possible = rights_sql(global.database, options.grant_to);
    if (!possible) return report_error(possible.error(), global.output);
  }
  auto lines = migrate(global.database, progress_listener());
  if (!lines) return report_error(lines.error(), global.output);
  if (!options.grant_to.empty()) {
    const auto granted = grant_rights(global.database, options.grant_to);
    if (!granted) return report_error(granted.error(), global.output);
    lines->insert(lines->end(), granted->begin(), granted->end());
  }
  const std::string label = database_label(global.database.url);
  const std::vector<Diagnosis> findings = database_findings(global);
  if (global.output == OutputFormat::json) {
    print_object({{"database", label},
                  {"changes", *lines},
                  {"findings", nlohmann::ordered_json::parse(findings_json(findings))}});
  } else {
    print_out(fmt::format("{}\n{}", fmt::join(*lines, "\n"), findings_text(findings)));
  }
  return ExitStatus::ok;
}

}  // namespace autoreply

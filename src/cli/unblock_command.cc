#include "cli/unblock_command.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/output.h"
#include "base/text.h"
#include "cli/error_report.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

Result<bool> forget(const DatabaseConfig& database, const std::string& name) {
  auto store = open_store(database);
  if (!store) return fail(store.error());
  if (auto ready = (*store)->check_ready(); !ready) return fail(ready.error());
  return (*store)->forget_breaker(name);
}

Result<bool> is_there(const DatabaseConfig& database, const std::string& name) {
  const auto inspector = open_inspector(database);
  if (!inspector) return fail(inspector.error());
  const auto status = (*inspector)->status({});
  if (!status) return fail(status.error());
  return std::ranges::find(status->breakers, name, &OpenBreaker::name) != status->breakers.end();
}

}  // namespace

ExitStatus unblock_command(const GlobalOptions& global, const UnblockOptions& options) {
  const auto forgotten = options.dry_run ? is_there(global.database, options.name)
                                         : forget(global.database, options.name);
  if (!forgotten) return report_error(forgotten.error(), global.output);
  if (!*forgotten) {
    return report_failure(
        fmt::format(
            "there is no breaker named '{}': a run's summary lists those that hold jobs back",
            one_line(options.name)),
        ExitStatus::failed,
        global.output);
  }
  if (global.output == OutputFormat::json) {
    const nlohmann::ordered_json object{{"database", database_label(global.database.url)},
                                        {"forgotten", options.name},
                                        {"dry_run", options.dry_run},
                                        {"exit_status", static_cast<int>(ExitStatus::ok)}};
    print_out(object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  } else {
    const std::string name = one_line(options.name);
    print_out(options.dry_run
                  ? fmt::format("would remove breaker {}; nothing was written\n", name)
                  : fmt::format("removed breaker {}: the next run can claim its jobs\n", name));
  }
  return ExitStatus::ok;
}

}  // namespace autoreply

#include "cli/unblock_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/output.h"
#include "base/text.h"
#include "cli/error_report.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

/// Forgets the breaker, or only looks for it. Returns whether it is there.
Result<bool> unblock(const DatabaseConfig& database, const UnblockOptions& options) {
  auto store = open_store(database);
  if (!store) return fail(store.error());
  if (auto ready = (*store)->check_ready(); !ready) return fail(ready.error());
  if (!options.dry_run) return (*store)->forget_breaker(options.name);
  bool found = false;
  const auto read = (*store)->read_claims([&](ClaimStatements& statements) {
    found = !statements.read_breakers({&options.name, 1}).empty();
  });
  if (!read) return fail(read.error());
  return found;
}

}  // namespace

ExitStatus unblock_command(const GlobalOptions& global, const UnblockOptions& options) {
  const auto found = unblock(global.database, options);
  if (!found) return report_error(found.error(), global.output);
  if (!*found) {
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

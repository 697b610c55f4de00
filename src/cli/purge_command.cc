#include "cli/purge_command.h"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/output.h"
#include "cli/consent.h"
#include "cli/error_report.h"
#include "cli/progress.h"
#include "report/job_report.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

/// Walks the whole queue. Returns how many jobs were deleted.
Result<std::int64_t> delete_all(QueueInspector& inspector,
                                const PurgeSelection& selection,
                                std::int64_t expected) {
  Progress progress("deleted", expected);
  std::int64_t deleted = 0;
  std::string after;
  for (;;) {
    auto page = inspector.purge_page(selection, after);
    if (!page) {
      print_error(fmt::format("autoreply: {} were deleted before the error\n", jobs_text(deleted)));
      return fail(page.error());
    }
    deleted += page->deleted;
    progress.show(deleted);
    if (page->last.empty()) return deleted;
    after = page->last;
  }
}

}  // namespace

ExitStatus purge_command(const GlobalOptions& global, const PurgeOptions& options) {
  if (options.selection.older_than < kPurgeAgeMin) {
    return report_failure(
        "--older-than is missing: write an age of at least 1d, such as 90d; younger jobs count "
        "against the limits",
        ExitStatus::usage,
        global.output);
  }
  auto opened = open_inspector(global.database);
  if (!opened) return report_error(opened.error(), global.output);
  std::int64_t matched = 0;
  // A count of a huge queue takes long, and only a question needs it.
  if (!options.yes || options.dry_run) {
    const auto count = (*opened)->count_purgeable(options.selection);
    if (!count) return report_error(count.error(), global.output);
    matched = *count;
  }
  std::int64_t deleted = 0;
  if ((matched > 0 || options.yes) && !options.dry_run) {
    const std::string what = fmt::format("delete {}", jobs_text(matched));
    if (auto refused = refused_consent(what, options.yes, global)) return *refused;
    const auto done = delete_all(**opened, options.selection, matched);
    if (!done) return report_error(done.error(), global.output);
    deleted = *done;
    matched = std::max(matched, deleted);
  }
  if (global.output == OutputFormat::json) {
    print_out(dump_in_order({{"database", database_label(global.database.url)},
                             {"matched", matched},
                             {"deleted", deleted},
                             {"dry_run", options.dry_run},
                             {"exit_status", 0}}) +
              "\n");
  } else if (options.dry_run) {
    print_out(fmt::format("would delete {}; nothing was written\n", jobs_text(matched)));
  } else {
    print_out(fmt::format("deleted {}\n", jobs_text(deleted)));
  }
  return ExitStatus::ok;
}

}  // namespace autoreply

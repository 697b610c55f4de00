#include "cli/show_command.h"

#include <fmt/format.h>

#include "base/output.h"
#include "cli/error_report.h"
#include "report/job_report.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

Result<std::optional<JobStory>> read_story(const GlobalOptions& global, const std::string& id) {
  auto inspector = open_inspector(global.database);
  if (!inspector) return fail(inspector.error());
  return (*inspector)->show(id);
}

}  // namespace

ExitStatus show_command(const GlobalOptions& global, const ShowOptions& options) {
  const auto story = read_story(global, options.id);
  if (!story) return report_error(story.error(), global.output);
  if (!*story) {
    return report_failure(
        fmt::format("there is no job {} in {}", options.id, database_label(global.database.url)),
        ExitStatus::failed,
        global.output);
  }
  print_out(global.output == OutputFormat::json ? story_json(**story) : story_text(**story));
  return ExitStatus::ok;
}

}  // namespace autoreply

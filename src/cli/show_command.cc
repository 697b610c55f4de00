#include "cli/show_command.h"

#include <fmt/format.h>

#include "base/output.h"
#include "cli/error_report.h"
#include "report/job_report.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

/// How many jobs of a contact are shown.
constexpr int kContactJobsMax = 20;

}  // namespace

ExitStatus show_command(const GlobalOptions& global, const ShowOptions& options) {
  auto inspector = open_inspector(global.database);
  if (!inspector) return report_error(inspector.error(), global.output);
  const bool json = global.output == OutputFormat::json;
  const auto story = (*inspector)->show(options.id);
  if (!story) return report_error(story.error(), global.output);
  if (*story) {
    print_out(json ? story_json(**story) : story_text(**story));
    return ExitStatus::ok;
  }
  JobSelection of_contact;
  of_contact.filter.contact_ids.push_back(options.id);
  const auto jobs = (*inspector)->list(of_contact, kContactJobsMax);
  if (!jobs) return report_error(jobs.error(), global.output);
  if (jobs->count > 0) {
    print_out(json ? list_json(*jobs) : list_text(*jobs));
    return ExitStatus::ok;
  }
  return report_failure(fmt::format("there is no job {0} in {1}, and no contact {0} has one",
                                    options.id,
                                    database_label(global.database.url)),
                        ExitStatus::failed,
                        global.output);
}

}  // namespace autoreply

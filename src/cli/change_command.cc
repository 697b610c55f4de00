#include "cli/change_command.h"

#include <chrono>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/output.h"
#include "cli/consent.h"
#include "cli/error_report.h"
#include "job/outcome.h"
#include "report/job_report.h"
#include "store/database.h"
#include "store/database_url.h"

namespace autoreply {
namespace {

bool selects_any(const JobSelection& selection) {
  const JobFilter& filter = selection.filter;
  return !filter.job_ids.empty() || !filter.workspace_ids.empty() || !filter.contact_ids.empty() ||
         filter.created_since || filter.created_before || !selection.statuses.empty() ||
         !selection.text.empty();
}

class ChangeWork final {
 public:
  ChangeWork(const GlobalOptions& global, const ChangeOptions& options)
      : global_(global), options_(options) {}

  ExitStatus run() {
    if (!selects_any(options_.selection)) {
      return refuse(fmt::format("say which jobs: autoreply {} ID, or options such as --workspace, "
                                "--status or --error",
                                word()),
                    ExitStatus::usage);
    }
    auto opened = open_inspector(global_.database);
    if (!opened) return report_error(opened.error(), global_.output);
    QueueInspector& inspector = **opened;
    const auto begun_at = inspector.now(std::chrono::milliseconds{0});
    if (!begun_at) return report_error(begun_at.error(), global_.output);
    const auto count = inspector.count(options_.selection, options_.change, *begun_at);
    if (!count) return report_error(count.error(), global_.output);
    if (*count == 0) return nothing_to_change(inspector);
    if (options_.dry_run) return report(0, *count);
    if (*count > 1) {
      const std::string what = fmt::format("{} {}", word(), jobs_text(*count));
      if (auto refused = refused_consent(what, options_.yes, global_)) return *refused;
    }
    return change_all(inspector, *begun_at, *count);
  }

 private:
  [[nodiscard]] bool retries() const { return options_.change.kind == JobChange::Kind::retry; }
  [[nodiscard]] std::string_view word() const { return retries() ? "retry" : "cancel"; }

  ExitStatus refuse(const std::string& reason, ExitStatus status) const {
    return report_failure(reason, status, global_.output);
  }

  ExitStatus change_all(QueueInspector& inspector,
                        const std::string& begun_at,
                        std::int64_t count) {
    std::int64_t changed = 0;
    for (;;) {
      const auto some = inspector.change_some(options_.selection, options_.change, begun_at);
      if (!some) {
        print_error(
            fmt::format("autoreply: {} were changed before the error\n", jobs_text(changed)));
        return report_error(some.error(), global_.output);
      }
      if (*some == 0) break;
      changed += *some;
    }
    return report(changed, count);
  }

  ExitStatus report(std::int64_t changed, std::int64_t matched) const {
    const ExitStatus status =
        changed == 0 && !options_.dry_run ? ExitStatus::failed : ExitStatus::ok;
    if (global_.output == OutputFormat::json) {
      print_out(dump_in_order({{"database", database_label(global_.database.url)},
                               {"matched", matched},
                               {retries() ? "retried" : "cancelled", changed},
                               {"dry_run", options_.dry_run},
                               {"exit_status", static_cast<int>(status)}}) +
                "\n");
      return status;
    }
    if (options_.dry_run) {
      print_out(fmt::format("would {} {}; nothing was written\n", word(), jobs_text(matched)));
      return status;
    }
    std::string text =
        fmt::format("{} {}", retries() ? "put back" : "cancelled", jobs_text(changed));
    if (changed < matched) {
      text += fmt::format(", not {}: a run has taken or changed the others", matched);
    }
    print_out(text + (retries() ? "; the next run takes what is due\n" : "\n"));
    return status;
  }

  /// Tells why nothing can be done to jobs that were named.
  ExitStatus nothing_to_change(QueueInspector& inspector) const {
    const JobFilter& filter = options_.selection.filter;
    if (filter.job_ids.empty()) {
      return refuse(fmt::format("there is no job to {} among them", word()), ExitStatus::failed);
    }
    const std::string& id = filter.job_ids.front();
    const auto story = inspector.show(id);
    if (!story) return report_error(story.error(), global_.output);
    if (!*story) {
      return refuse(
          fmt::format("there is no job {} in {}", id, database_label(global_.database.url)),
          ExitStatus::failed);
    }
    const JobEntry& job = (*story)->job;
    const bool is_doubtful =
        retries() && !options_.change.delivery_unknown &&
        (job.outcome.starts_with(kUnknownDeliveryNote) ||
         (options_.change.regenerate && job.sends > 0 && job.status != "complete"));
    return refuse(fmt::format("cannot {} job {}: {}",
                              word(),
                              id,
                              is_doubtful ? "the customer may have the reply already: add "
                                            "--delivery-unknown to send it again"
                                          : state_of(**story)),
                  ExitStatus::failed);
  }

  const GlobalOptions& global_;
  const ChangeOptions& options_;
};

}  // namespace

ExitStatus change_command(const GlobalOptions& global, const ChangeOptions& options) {
  return ChangeWork(global, options).run();
}

}  // namespace autoreply

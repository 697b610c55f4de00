#include "cli/dry_run.h"

#include <utility>

#include "base/output.h"
#include "claim/claimer.h"
#include "cli/error_report.h"
#include "cli/run_rules.h"
#include "context/conversation_builder.h"
#include "context/eligibility.h"
#include "report/preview_report.h"

namespace autoreply {
namespace {

PlannedJob plan_job(PreviewedJob preview,
                    const EligibilityRules& eligibility,
                    const Generator& generator,
                    const TimeZone& timezone) {
  PlannedJob job{.preview = std::move(preview)};
  const JobContext& context = job.preview.context;
  job.early_result = early_result(job.preview.claimed, context, eligibility);
  if (job.early_result || context.recorded) return job;
  job.route = generator.route_of(job.preview.claimed.job.workspace_id, context.config);
  if (job.route.problem.empty() || job.route.fallback) {
    job.conversation = make_conversation(context, timezone);
  } else {
    job.early_result = AttemptResult::defer(Step::generate, job.route.problem);
  }
  return job;
}

}  // namespace

ExitStatus dry_run(JobStore& store,
                   const RunOptions& options,
                   const Generator& generator,
                   OutputFormat output) {
  const RunRules rules = run_rules(options, generator);
  Claimer claimer(store, rules.claim);
  auto previews = claimer.preview(options.limit);
  if (!previews) return report_error(previews.error(), output);
  auto waiting = claimer.count_waiting();
  if (!waiting) return report_error(waiting.error(), output);
  RunPlan plan{.jobs = {}, .waiting = std::move(*waiting)};
  for (PreviewedJob& preview : *previews) {
    plan.jobs.push_back(
        plan_job(std::move(preview), rules.pipeline.eligibility, generator, options.timezone));
  }
  print_out(output == OutputFormat::json ? preview_json(plan) + "\n" : preview_text(plan));
  return ExitStatus::ok;
}

}  // namespace autoreply

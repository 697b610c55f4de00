#include "report/preview_report.h"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace autoreply {
namespace {

std::string_view role_name(Role role) {
  return role == Role::user ? "user" : "assistant";
}

/// What would become of a job that no provider is called for.
std::string outcome_of(const AttemptResult& result) {
  using Kind = AttemptResult::Kind;
  switch (result.kind) {
    case Kind::delivered:
      return "count as completed: the host's record shows the reply";
    case Kind::skip:
      return "be skipped: " + result.reason;
    case Kind::reject:
      return "fail: " + result.reason;
    case Kind::defer:
      return "be deferred: " + result.reason;
    case Kind::retry:
      return "be retried: " + result.reason;
    case Kind::in_doubt:
      return "stay in doubt: " + result.reason;
    case Kind::not_started:
    case Kind::lost:
      break;
  }
  return "be given back: " + result.reason;
}

std::string plan_of(const PlannedJob& job) {
  if (job.early_result) return outcome_of(*job.early_result);
  if (job.preview.context.recorded) return "send the reply that is recorded";
  return "ask the provider";
}

bool asks_provider(const PlannedJob& job) {
  return !job.early_result && !job.preview.context.recorded;
}

std::string due_text(int due) {
  return due < kWaitingCountMax ? std::to_string(due) : fmt::format("{} or more", due);
}

/// Why due jobs would stay unclaimed, one line each.
std::string held_text(const Waiting& waiting) {
  std::string text;
  if (waiting.throttled > 0) text += fmt::format("  {} throttled\n", waiting.throttled);
  if (waiting.held_back > 0) text += fmt::format("  {} held back\n", waiting.held_back);
  for (const Hold& hold : waiting.holds) {
    text += fmt::format("    {}: {}", to_string(hold.reason), one_line(hold.detail));
    if (!hold.contact_id.empty()) text += fmt::format(" {}", hold.contact_id);
    text += '\n';
  }
  return text;
}

nlohmann::ordered_json holds_json(const std::vector<Hold>& holds) {
  auto list = nlohmann::ordered_json::array();
  for (const Hold& hold : holds) {
    list.push_back({{"reason", to_string(hold.reason)},
                    {"detail", hold.detail},
                    {"workspace_id", hold.workspace_id},
                    {"contact_id", hold.contact_id},
                    {"breaker", hold.breaker}});
  }
  return list;
}

nlohmann::ordered_json job_json(const PlannedJob& job) {
  const ClaimedJob& claimed = job.preview.claimed;
  nlohmann::ordered_json row{{"job", claimed.job.id.value},
                             {"workspace_id", claimed.job.workspace_id},
                             {"contact_id", claimed.job.contact_id},
                             {"attempt", claimed.attempt},
                             {"plan", plan_of(job)}};
  if (const auto& config = job.preview.context.config) {
    row["provider"] = config->provider;
    row["model"] = config->model;
  }
  if (asks_provider(job)) row["key_source"] = job.route.key_source;
  if (job.conversation) {
    row["prompt"]["system"] = job.conversation->system_prompt;
    for (const Turn& turn : job.conversation->turns) {
      row["prompt"]["messages"].push_back({{"role", role_name(turn.role)}, {"content", turn.text}});
    }
  }
  return row;
}

std::string job_text(const PlannedJob& job) {
  const ClaimedJob& claimed = job.preview.claimed;
  std::string text = fmt::format("\njob {}  workspace {}  contact {}  attempt {}\n  would {}\n",
                                 claimed.job.id.value,
                                 claimed.job.workspace_id,
                                 claimed.job.contact_id,
                                 claimed.attempt,
                                 plan_of(job));
  if (const auto& config = job.preview.context.config; config && asks_provider(job)) {
    text += fmt::format("  provider {}  model {}  key {}\n",
                        one_line(config->provider),
                        one_line(config->model),
                        job.route.key_source.empty() ? "none" : job.route.key_source);
  }
  if (!job.conversation) return text;
  text += fmt::format("  system: {}\n", job.conversation->system_prompt);
  for (const Turn& turn : job.conversation->turns) {
    text += fmt::format("  {}: {}\n", role_name(turn.role), turn.text);
  }
  return text;
}

}  // namespace

std::string preview_json(const RunPlan& plan) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const PlannedJob& job : plan.jobs) list.push_back(job_json(job));
  return nlohmann::ordered_json{{"dry_run", true},
                                {"would_claim", plan.jobs.size()},
                                {"due", plan.waiting.due},
                                {"throttled", plan.waiting.throttled},
                                {"held_back", plan.waiting.held_back},
                                {"holds", holds_json(plan.waiting.holds)},
                                {"jobs", list},
                                {"exit_status", 0}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string preview_text(const RunPlan& plan) {
  std::string text =
      fmt::format("would claim {} of {} due; nothing was written, nobody was called\n",
                  plan.jobs.size(),
                  due_text(plan.waiting.due));
  text += held_text(plan.waiting);
  for (const PlannedJob& job : plan.jobs) text += job_text(job);
  return text;
}

}  // namespace autoreply

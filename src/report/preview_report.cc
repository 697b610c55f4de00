#include "report/preview_report.h"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace autoreply {
namespace {

std::string_view role_name(Role role) {
  return role == Role::user ? "user" : "assistant";
}

std::string plan_of(const PlannedJob& job) {
  if (job.early_result) return fmt::format("not answer: {}", job.early_result->reason);
  if (job.preview.context.recorded) return "send the reply that is recorded";
  return "ask the provider";
}

}  // namespace

std::string preview_json(std::span<const PlannedJob> jobs) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const PlannedJob& job : jobs) {
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
    if (job.conversation) {
      row["prompt"]["system"] = job.conversation->system_prompt;
      for (const Turn& turn : job.conversation->turns) {
        row["prompt"]["messages"].push_back(
            {{"role", role_name(turn.role)}, {"content", turn.text}});
      }
    }
    list.push_back(std::move(row));
  }
  return nlohmann::ordered_json{{"dry_run", true}, {"would_claim", jobs.size()}, {"jobs", list}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string preview_text(std::span<const PlannedJob> jobs) {
  std::string text =
      fmt::format("would claim {} jobs; nothing was written, nobody was called\n", jobs.size());
  for (const PlannedJob& job : jobs) {
    const ClaimedJob& claimed = job.preview.claimed;
    text += fmt::format("\njob {}  workspace {}  contact {}  attempt {}\n  would {}\n",
                        claimed.job.id.value,
                        claimed.job.workspace_id,
                        claimed.job.contact_id,
                        claimed.attempt,
                        plan_of(job));
    if (!job.conversation) continue;
    text += fmt::format("  system: {}\n", job.conversation->system_prompt);
    for (const Turn& turn : job.conversation->turns) {
      text += fmt::format("  {}: {}\n", role_name(turn.role), turn.text);
    }
  }
  return text;
}

}  // namespace autoreply

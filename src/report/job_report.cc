#include "report/job_report.h"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/text.h"
#include "report/time_text.h"

namespace autoreply {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kReasonBytesMax = 100;

ordered_json nullable(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json entry_json(const JobEntry& job) {
  return {{"job", job.id},
          {"workspace_id", job.workspace_id},
          {"contact_id", job.contact_id},
          {"message_id", job.message_id},
          {"status", job.status},
          {"outcome", nullable(job.outcome)},
          {"error", nullable(job.error)},
          {"attempts", job.attempts},
          {"sends", job.sends},
          {"created_at", nullable(job.created_at)},
          {"next_attempt_at", nullable(job.next_attempt_at)},
          {"claimed_at", nullable(job.claimed_at)},
          {"started_at", nullable(job.started_at)},
          {"lease_until", nullable(job.lease_until)},
          {"sent_at", nullable(job.sent_at)},
          {"processed_at", nullable(job.processed_at)},
          {"retried_at", nullable(job.retried_at)}};
}

std::string cause_of(const JobEntry& job) {
  return one_line(job.error.empty() ? job.outcome : job.error);
}

std::string state_of_processing(const JobEntry& job) {
  if (!job.is_held) {
    return "claimed by another service; autoreply leaves it alone (autoreply retry ID takes it "
           "back)";
  }
  if (job.lease_is_over) return "its run is gone; the next run takes it over";
  return fmt::format("a run works on it; its lease lasts until {}", time_text(job.lease_until));
}

std::string state_of_pending(const JobStory& story) {
  const JobEntry& job = story.job;
  if (!job.is_due) {
    return fmt::format("waits until {}{}{}",
                       time_text(job.next_attempt_at),
                       cause_of(job).empty() ? "" : ": ",
                       cause_of(job));
  }
  const std::string since = fmt::format("due since {}", time_text(job.next_attempt_at));
  if (!story.elder_entry.empty()) {
    return fmt::format(
        "{}; waits for job {}, which is for the same message", since, story.elder_entry);
  }
  if (!story.contact_in_flight.empty()) {
    return fmt::format("{}; waits for job {} of the same contact", since, story.contact_in_flight);
  }
  const JobWait& wait = story.wait;
  if (wait.reason.empty() || wait.reason == "run") return since + "; the next run takes it";
  return fmt::format("{}; waits for {}: {}{}",
                     since,
                     wait.reason,
                     one_line(wait.detail),
                     wait.until.empty() ? "" : ", until " + time_text(wait.until));
}

}  // namespace

std::string jobs_text(std::int64_t count) {
  return fmt::format("{} job{}", count, count == 1 ? "" : "s");
}

std::string list_text(const JobList& list) {
  std::string text;
  for (const JobEntry& job : list.jobs) {
    text += fmt::format("{}  {}  {:<10}  {}  {}  {}\n",
                        job.id,
                        time_text(job.created_at),
                        job.status,
                        job.attempts,
                        one_line(job.workspace_id),
                        utf8_prefix(cause_of(job), kReasonBytesMax));
  }
  const auto listed = static_cast<std::int64_t>(list.jobs.size());
  if (list.count == 0) return "no job matches\n";
  return text + (listed < list.count
                     ? fmt::format("{} of {} jobs; --limit shows more\n", listed, list.count)
                     : jobs_text(listed) + "\n");
}

std::string list_json(const JobList& list) {
  ordered_json jobs = ordered_json::array();
  for (const JobEntry& job : list.jobs) jobs.push_back(entry_json(job));
  return dump_in_order({{"count", list.count}, {"jobs", std::move(jobs)}}) + "\n";
}

std::string state_of(const JobStory& story) {
  const JobEntry& job = story.job;
  if (job.status == "processing") return state_of_processing(job);
  if (job.status == "pending") return state_of_pending(story);
  const std::string at =
      job.processed_at.empty() ? "" : fmt::format(" at {}", time_text(job.processed_at));
  if (job.status == "complete") {
    return (job.outcome.empty() ? "completed" : one_line(job.outcome)) + at;
  }
  return fmt::format("failed{}: {}", at, cause_of(job));
}

std::string story_text(const JobStory& story) {
  const JobEntry& job = story.job;
  std::string text = fmt::format("job {}\n", job.id);
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<11}{}\n", name, value);
  };
  add("state", state_of(story));
  add("workspace", one_line(job.workspace_id));
  add("contact", job.contact_id);
  add("message", one_line(story.message));
  add("created", time_text(job.created_at));
  add("put back", time_text(job.retried_at));
  add("claimed", time_text(job.claimed_at));
  add("started", time_text(job.started_at));
  add("sent",
      job.sent_at.empty() ? ""
                          : fmt::format("{}, {} time{} so far",
                                        time_text(job.sent_at),
                                        job.sends,
                                        job.sends == 1 ? "" : "s"));
  add("attempts", std::to_string(job.attempts));
  add("outcome", one_line(job.outcome));
  add("error", one_line(job.error));
  for (const JobFailure& failure : story.failures) {
    add(&failure == &story.failures.front() ? "failures" : "",
        fmt::format("{}  {}", time_text(failure.at), one_line(failure.error)));
  }
  if (const auto& reply = story.reply) {
    add("reply", one_line(reply->text));
    add("made",
        fmt::format("{} by {} {}, {} tokens, {} dollars",
                    time_text(reply->created_at),
                    one_line(reply->provider),
                    one_line(reply->model),
                    reply->tokens_used ? std::to_string(*reply->tokens_used) : "unknown",
                    reply->cost.empty() ? "unknown" : reply->cost));
    add("log", reply->id);
    add("prompt", one_line(reply->prompt));
  }
  return text;
}

std::string story_json(const JobStory& story) {
  ordered_json object = entry_json(story.job);
  object["state"] = state_of(story);
  object["message"] = nullable(story.message);
  object["wait"] = nullptr;
  if (const JobWait& wait = story.wait; !wait.reason.empty()) {
    object["wait"] = {
        {"reason", wait.reason}, {"detail", wait.detail}, {"until", nullable(wait.until)}};
  }
  object["failures"] = ordered_json::array();
  for (const JobFailure& failure : story.failures) {
    object["failures"].push_back({{"at", failure.at}, {"error", failure.error}});
  }
  object["reply"] = nullptr;
  if (const auto& reply = story.reply) {
    object["reply"] = {{"log_id", reply->id},
                       {"provider", nullable(reply->provider)},
                       {"model", nullable(reply->model)},
                       {"prompt", nullable(reply->prompt)},
                       {"text", reply->text},
                       {"tokens_used", nullptr},
                       {"cost", number_in(reply->cost)},
                       {"created_at", nullable(reply->created_at)}};
    if (reply->tokens_used) object["reply"]["tokens_used"] = *reply->tokens_used;
  }
  return dump_in_order(object) + "\n";
}

}  // namespace autoreply

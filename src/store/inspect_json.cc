#include "store/inspect_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/uuid.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;
using nlohmann::json;

/// Of the entries that people make for messages.
constexpr std::string_view kEntryNamespace = "8a0b6f0e-4c1d-5b7a-9e53-2f6d1c7b9a40";

json fields_of_selection(const JobSelection& selection) {
  json fields = json::object();
  if (!selection.statuses.empty()) fields["statuses"] = selection.statuses;
  if (!selection.text.empty()) fields["text"] = selection.text;
  return fields;
}

JobEntry parse_entry(dom::element row) {
  return {.id = text_of(row, "id"),
          .workspace_id = text_of(row, "workspace_id"),
          .contact_id = text_of(row, "contact_id"),
          .message_id = text_of(row, "message_id"),
          .status = text_of(row, "status"),
          .outcome = text_of(row, "outcome"),
          .error = text_of(row, "error"),
          .attempts = int_of(row, "attempts"),
          .sends = int_of(row, "sends"),
          .created_at = text_of(row, "created_at"),
          .next_attempt_at = text_of(row, "next_attempt_at"),
          .claimed_at = text_of(row, "claimed_at"),
          .started_at = text_of(row, "started_at"),
          .lease_until = text_of(row, "lease_until"),
          .sent_at = text_of(row, "sent_at"),
          .processed_at = text_of(row, "processed_at"),
          .retried_at = text_of(row, "retried_at"),
          .is_held = flag_of(row, "is_held"),
          .lease_is_over = flag_of(row, "lease_is_over"),
          .is_due = flag_of(row, "is_due")};
}

LoggedReply parse_logged(dom::element row) {
  return {.id = text_of(row, "id"),
          .provider = text_of(row, "provider"),
          .model = text_of(row, "model"),
          .prompt = text_of(row, "prompt"),
          .text = text_of(row, "text"),
          .tokens_used = optional_whole(row, "tokens_used"),
          .cost = text_of(row, "cost"),
          .created_at = text_of(row, "created_at")};
}

std::vector<ValueCount> parse_values(dom::element document, std::string_view name) {
  std::vector<ValueCount> values;
  for (const dom::element row : elements_of(document, name)) {
    values.push_back({.value = text_of(row, "value"), .rows = number_of(row, "rows")});
  }
  return values;
}

RunEntry parse_run(dom::element row) {
  return {.run_id = text_of(row, "run_id"),
          .host = text_of(row, "host"),
          .started_at = text_of(row, "started_at"),
          .ended_at = text_of(row, "ended_at"),
          .since = std::chrono::milliseconds(number_of(row, "since_ms")),
          .exit_status = int_of(row, "exit_status"),
          .claimed = number_of(row, "claimed"),
          .has_died = flag_of(row, "has_died")};
}

}  // namespace

Checkup parse_checkup(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  return {.now = number_of(document, "now"),
          .directions = parse_values(document, "directions"),
          .message_types = parse_values(document, "message_types"),
          .contact_statuses = parse_values(document, "contact_statuses"),
          .workspaces = texts_of(document, "workspaces"),
          .unconfigured = texts_of(document, "unconfigured"),
          .pending = number_of(document, "pending"),
          .old_jobs = number_of(document, "old_jobs"),
          .foreign = number_of(document, "foreign"),
          .lapsed = number_of(document, "lapsed"),
          .created_in_hour = number_of(document, "created_in_hour"),
          .finished_in_hour = number_of(document, "finished_in_hour"),
          .longest_transaction = optional_milliseconds(document, "longest_transaction_ms")};
}

PeriodReport parse_period_report(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  PeriodReport report{.since = text_of(document, "since"), .until = text_of(document, "until")};
  for (const dom::element row : elements_of(document, "days")) {
    report.days.push_back({.day = text_of(row, "day"),
                           .completed = number_of(row, "completed"),
                           .skipped = number_of(row, "skipped"),
                           .failed = number_of(row, "failed"),
                           .median_s = optional_double(row, "median_s"),
                           .p95_s = optional_double(row, "p95_s")});
  }
  report.median_s = optional_double(document, "median_s");
  report.p95_s = optional_double(document, "p95_s");
  for (const dom::element row : elements_of(document, "failures")) {
    report.failures.push_back({text_of(row, "cause"), number_of(row, "jobs")});
  }
  for (const dom::element row : elements_of(document, "attempts")) {
    report.attempts.push_back({std::to_string(number_of(row, "attempts")), number_of(row, "jobs")});
  }
  for (const dom::element row : elements_of(document, "models")) {
    report.models.push_back({.workspace_id = text_of(row, "workspace_id"),
                             .provider = text_of(row, "provider"),
                             .model = text_of(row, "model"),
                             .replies = number_of(row, "replies"),
                             .tokens = number_of(row, "tokens"),
                             .cost = text_of(row, "cost")});
  }
  for (const dom::element row : elements_of(document, "runs")) {
    report.runs.push_back({.day = text_of(row, "day"),
                           .runs = number_of(row, "runs"),
                           .ended_well = number_of(row, "ended_well"),
                           .claimed = number_of(row, "claimed"),
                           .died = number_of(row, "died")});
  }
  report.due = number_of(document, "due");
  report.oldest_due_s = optional_double(document, "oldest_due_s");
  return report;
}

QueueStatus parse_queue_status(std::string_view live, std::string_view errors) {
  dom::parser parser;
  const dom::element document = parse(parser, live);
  QueueStatus status{.pending = number_of(document, "pending"),
                     .due = number_of(document, "due"),
                     .in_flight = number_of(document, "in_flight"),
                     .lapsed = number_of(document, "lapsed"),
                     .foreign = number_of(document, "foreign")};
  status.oldest_due = optional_milliseconds(document, "oldest_due_ms");
  for (const dom::element row : elements_of(document, "breakers")) {
    status.breakers.push_back({.name = text_of(row, "name"),
                               .label = text_of(row, "label"),
                               .scope = scope_named(text_of(row, "scope")),
                               .reason = text_of(row, "reason"),
                               .since = text_of(row, "since"),
                               .until = text_of(row, "until"),
                               .holds = flag_of(row, "holds")});
  }
  for (const dom::element row : elements_of(document, "waiting")) {
    status.waiting.push_back({.reason = text_of(row, "reason"),
                              .detail = text_of(row, "detail"),
                              .jobs = number_of(row, "jobs"),
                              .since = text_of(row, "since"),
                              .until = text_of(row, "until")});
  }
  if (const auto today = object_of(document, "today")) {
    status.today = {.tokens = number_of(*today, "tokens"), .cost = text_of(*today, "cost")};
  }
  if (const auto look = object_of(document, "last_look")) {
    status.last_look = LastLook{.at = text_of(*look, "at"),
                                .since = std::chrono::milliseconds(number_of(*look, "since_ms")),
                                .host = text_of(*look, "host")};
  }
  for (const dom::element row : elements_of(document, "runs")) {
    status.runs.push_back(parse_run(row));
  }
  dom::parser other;
  const dom::element failed = parse(other, errors);
  status.failed = number_of(failed, "failed");
  for (const dom::element row : elements_of(failed, "causes")) {
    status.causes.push_back({.cause = text_of(row, "cause"),
                             .jobs = number_of(row, "jobs"),
                             .last_at = text_of(row, "last_at")});
  }
  return status;
}

std::string selection_json(const JobSelection& selection) {
  return dump(fields_of_selection(selection));
}

std::string selection_json(const JobSelection& selection,
                           const JobChange& change,
                           const std::string& begun_at) {
  json fields = fields_of_selection(selection);
  fields["change"] = change.kind == JobChange::Kind::retry ? "retry" : "cancel";
  if (change.delivery_unknown) fields["delivery_unknown"] = true;
  if (change.regenerate) fields["regenerate"] = true;
  if (!begun_at.empty()) fields["begun_at"] = begun_at;
  return dump(fields);
}

JobList parse_job_list(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  JobList list{.count = number_of(document, "count"), .jobs = {}};
  for (const dom::element row : elements_of(document, "jobs")) {
    list.jobs.push_back(parse_entry(row));
  }
  return list;
}

constexpr std::string_view kTimeForm = "dddd-dd-ddTdd:dd:dd.dddZ ";  // "d": a digit
constexpr std::size_t kTimeSize = kTimeForm.size() - 1;

bool begins_with_time(std::string_view line) {
  return line.size() > kTimeSize &&
         std::ranges::equal(kTimeForm, line.substr(0, kTimeForm.size()), [](char form, char given) {
           return form == 'd' ? given >= '0' && given <= '9' : form == given;
         });
}

/// The lines of the column `failures`. Its beginning may be cut off.
std::vector<JobFailure> parse_failures(std::string_view column) {
  std::vector<JobFailure> failures;
  for (std::size_t at = 0; at < column.size();) {
    const std::size_t end = std::min(column.find('\n', at), column.size());
    const std::string_view line = column.substr(at, end - at);
    at = end + 1;
    if (!begins_with_time(line)) continue;
    failures.push_back({.at = std::string(line.substr(0, kTimeSize)),
                        .error = std::string(line.substr(kTimeSize + 1))});
  }
  return failures;
}

std::optional<JobStory> parse_job_story(std::string_view text) {
  if (text.empty()) return std::nullopt;
  dom::parser parser;
  const dom::element document = parse(parser, text);
  JobStory story{.job = parse_entry(document["job"].value()),
                 .message = text_of(document, "message"),
                 .reply = std::nullopt,
                 .failures = parse_failures(text_of(document, "failures")),
                 .contact_in_flight = text_of(document, "contact_in_flight"),
                 .wait = {},
                 .elder_entry = text_of(document, "elder_entry")};
  if (const auto wait = object_of(document, "wait")) {
    story.wait = {.reason = text_of(*wait, "reason"),
                  .detail = text_of(*wait, "detail"),
                  .until = text_of(*wait, "until")};
  }
  if (const auto reply = object_of(document, "reply")) story.reply = parse_logged(*reply);
  return story;
}

std::string enqueue_batch(std::span<const UnansweredMessage> messages) {
  json batch = json::array();
  for (const UnansweredMessage& message : messages) {
    batch.push_back({{"id", uuid_v5(kEntryNamespace, message.id)},
                     {"workspace_id", message.workspace_id},
                     {"contact_id", message.contact_id},
                     {"message_id", message.id},
                     {"position", message.position}});
  }
  return dump(batch);
}

PurgedPage parse_purged_page(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  return {.last = text_of(document, "last"), .deleted = number_of(document, "jobs")};
}

UnansweredMessages parse_unanswered(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  UnansweredMessages found{.count = number_of(document, "count"), .messages = {}};
  for (const dom::element row : elements_of(document, "messages")) {
    found.messages.push_back({.id = text_of(row, "id"),
                              .workspace_id = text_of(row, "workspace_id"),
                              .contact_id = text_of(row, "contact_id"),
                              .created_at = text_of(row, "created_at"),
                              .position = text_of(row, "position")});
  }
  return found;
}

PickedJobs parse_picked_jobs(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  return {.count = number_of(document, "count"), .ids = texts_of(document, "ids")};
}

}  // namespace autoreply

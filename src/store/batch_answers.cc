#include "store/batch_answers.h"

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <simdjson.h>

#include "base/json_fields.h"
#include "base/text.h"
#include "job/host_record.h"
#include "store/config_json.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;

std::unordered_set<std::string> id_set(std::string_view text) {
  dom::parser parser;
  const std::vector<std::string> ids = text_array_of(parse(parser, text));
  return {ids.begin(), ids.end()};
}

tl::unexpected<Error> token_lost() {
  return fail(ErrorKind::token_lost, "another claim has taken over");
}

Message parse_message(dom::element row) {
  return {.id = text_of(row, "id"),
          .workspace_id = text_of(row, "workspace_id"),
          .contact_id = text_of(row, "contact_id"),
          .direction = text_of(row, "direction"),
          .body = text_of(row, "body"),
          .is_text = flag_of(row, "is_text")};
}

/// Returns the contact's one name, or the first and the last.
std::string parse_name(dom::element row) {
  std::string name(trimmed(text_of(row, "name")));
  if (!name.empty()) return name;
  return one_line(text_of(row, "firstname") + ' ' + text_of(row, "lastname"));
}

Contact parse_contact(dom::element row) {
  return {.workspace_id = text_of(row, "workspace_id"),
          .phone_number = text_of(row, "phone_number"),
          .conversation_status = text_of(row, "conversation_status"),
          .name = parse_name(row),
          .timezone = text_of(row, "timezone")};
}

SentReply parse_sent_reply(dom::element row) {
  return {.log_id = text_of(row, "log_id"),
          .text = text_of(row, "text"),
          .since = number_of(row, "since")};
}

std::vector<SentReply> parse_sent_replies(dom::element row, std::string_view name) {
  std::vector<SentReply> replies;
  for (const dom::element reply : elements_of(row, name))
    replies.push_back(parse_sent_reply(reply));
  return replies;
}

std::vector<SentMessage> parse_sent_messages(dom::element row) {
  std::vector<SentMessage> messages;
  for (const dom::element message : elements_of(row, "messages")) {
    messages.push_back({.at = number_of(message, "at"),
                        .body = text_of(message, "body"),
                        .metadata = text_of(message, "metadata")});
  }
  return messages;
}

/// How long after the original others last wrote to the contact.
std::optional<std::chrono::milliseconds> parse_others_answer(dom::element row) {
  const auto sent = object_of(row, "sent_since");
  if (!sent) return std::nullopt;
  const auto newest =
      newest_of_others(parse_sent_messages(*sent), parse_sent_replies(*sent, "replies"));
  if (!newest) return std::nullopt;
  return std::chrono::milliseconds{*newest - number_of(*sent, "since")};
}

JobContext parse_context(dom::element row) {
  JobContext context;
  context.started_at = number_of(row, "at");
  context.now = context.started_at;
  context.age = std::chrono::milliseconds{number_of(row, "age_ms")};
  if (const auto original = object_of(row, "original")) context.original = parse_message(*original);
  if (dom::array history; row["history"].get(history) == simdjson::SUCCESS) {
    for (const dom::element message : history) context.history.push_back(parse_message(message));
  }
  if (const auto contact = object_of(row, "contact")) {
    context.contact = parse_contact(*contact);
  }
  if (const auto recorded = object_of(row, "recorded")) {
    context.recorded = RecordedReply{text_of(*recorded, "log_id"), text_of(*recorded, "text")};
  }
  context.since_created = optional_milliseconds(row, "since_created_ms");
  context.since_sent = optional_milliseconds(row, "since_sent_ms");
  context.answered_elsewhere = flag_of(row, "answered_elsewhere");
  context.superseded = flag_of(row, "superseded");
  context.short_texts_since = texts_of(row, "short_texts_since");
  context.others_answer_after = parse_others_answer(row);
  context.spent = spent_of(row);
  return context;
}

}  // namespace

Results<JobContext> parse_contexts(std::string_view text, std::span<const StartRequest> requests) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  std::unordered_map<std::string, WorkspaceConfig> configs;
  for (const dom::key_value_pair config : dom::object(document["configs"].value())) {
    configs.emplace(config.key, workspace_config_of(config.key, config.value));
  }
  std::unordered_map<std::string, JobContext> contexts;
  for (const dom::element row : array_of(document["jobs"].value())) {
    JobContext context = parse_context(row);
    const auto config = configs.find(text_of(row, "workspace_id"));
    if (config != configs.end()) context.config = config->second;
    contexts.emplace(text_of(row, "id"), std::move(context));
  }
  Results<JobContext> ordered;
  ordered.reserve(requests.size());
  for (const StartRequest& request : requests) {
    const auto found = contexts.find(request.held.id.value);
    if (found == contexts.end()) {
      ordered.push_back(token_lost());
    } else {
      ordered.emplace_back(std::move(found->second));
    }
  }
  return ordered;
}

Results<Recorded> parse_recorded(std::string_view text, std::span<const RecordRequest> requests) {
  dom::parser parser;
  std::unordered_map<std::string, dom::element> rows;
  for (const dom::element row : array_of(parse(parser, text)))
    rows.emplace(text_of(row, "id"), row);
  Results<Recorded> ordered;
  ordered.reserve(requests.size());
  for (const RecordRequest& request : requests) {
    const auto found = rows.find(request.held.id.value);
    if (found == rows.end()) {
      ordered.push_back(token_lost());
      continue;
    }
    const dom::element row = found->second;
    Recorded recorded{
        .text = optional_text(row, "text").value_or(request.reply ? request.reply->text : ""),
        .conditions = {.now = number_of(row, "at"),
                       .age = std::chrono::milliseconds{number_of(row, "age_ms")},
                       .since_created = optional_milliseconds(row, "since_created_ms"),
                       .config_enabled = flag_of(row, "enabled"),
                       .short_texts_since = texts_of(row, "short_texts_since"),
                       .others_answer_after = parse_others_answer(row)},
        .at = number_of(row, "at")};
    if (const auto contact = object_of(row, "contact")) {
      recorded.conditions.contact = parse_contact(*contact);
    }
    ordered.emplace_back(std::move(recorded));
  }
  return ordered;
}

Results<void> parse_settled(std::string_view text, std::span<const Settlement> settlements) {
  const std::unordered_set<std::string> ids = id_set(text);
  Results<void> settled;
  settled.reserve(settlements.size());
  for (const Settlement& settlement : settlements) {
    if (ids.contains(settlement.id.value)) {
      settled.emplace_back();
    } else {
      settled.push_back(token_lost());
    }
  }
  return settled;
}

std::vector<bool> parse_renewed(std::string_view text, std::span<const HeldJob> jobs) {
  const std::unordered_set<std::string> ids = id_set(text);
  std::vector<bool> renewed;
  renewed.reserve(jobs.size());
  for (const HeldJob& job : jobs) renewed.push_back(ids.contains(job.id.value));
  return renewed;
}

void note_deliveries(std::string_view text,
                     std::span<const StartRequest> requests,
                     std::span<Result<JobContext>> contexts) {
  dom::parser parser;
  std::unordered_set<std::string> delivered;
  for (const dom::element row : array_of(parse(parser, text))) {
    const auto reply = object_of(row, "reply");
    if (reply && is_delivered(parse_sent_reply(*reply),
                              parse_sent_replies(row, "others"),
                              parse_sent_messages(row))) {
      delivered.insert(text_of(row, "id"));
    }
  }
  for (std::size_t at = 0; at < requests.size(); ++at) {
    if (contexts[at] && delivered.contains(requests[at].held.id.value)) {
      contexts[at]->found_at_host = true;
    }
  }
}

}  // namespace autoreply

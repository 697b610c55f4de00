#include "store/batch_json.h"

#include <charconv>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/text.h"
#include "store/json_fields.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;
using nlohmann::json;

json nullable(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json nullable(const std::optional<std::string>& text) {
  return text ? json(*text) : json(nullptr);
}

/// Writes nano-dollars as the exact decimal number of dollars.
std::string decimal_dollars(std::int64_t nanodollars) {
  constexpr std::int64_t kNano = 1'000'000'000;
  return fmt::format("{}.{:09}", nanodollars / kNano, nanodollars % kNano);
}

json held_json(const HeldJob& held) {
  return {{"id", held.id.value}, {"token", held.token.value}};
}

template <class Number>
std::optional<Number> optional_number(dom::element object, std::string_view name) {
  const auto text = optional_text(object, name);
  if (!text) return std::nullopt;
  Number number{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

/// A whole number, which a column of another type may write as 300.0.
std::optional<int> whole_number(dom::element object, std::string_view name) {
  const auto number = optional_number<double>(object, name);
  if (!number || *number < 0 || *number > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*number);
}

const JobId& id_of(const HeldJob& job) {
  return job.id;
}

const JobId& id_of(const Settlement& settlement) {
  return settlement.id;
}

const JobId& id_of(const StartRequest& request) {
  return request.held.id;
}

/// Whether the id of each item stands in a JSON array of ids.
template <class Item>
std::vector<bool> found_in(std::string_view text, std::span<const Item> items) {
  dom::parser parser;
  std::unordered_set<std::string> ids;
  for (const dom::element id : array_of(parse(parser, text))) {
    std::string_view value;
    if (id.get(value) == simdjson::SUCCESS) ids.emplace(value);
  }
  std::vector<bool> found;
  found.reserve(items.size());
  for (const Item& item : items) found.push_back(ids.contains(id_of(item).value));
  return found;
}

Message parse_message(dom::element row) {
  return {.id = text_of(row, "id"),
          .workspace_id = text_of(row, "workspace_id"),
          .contact_id = text_of(row, "contact_id"),
          .direction = text_of(row, "direction"),
          .body = text_of(row, "body"),
          .is_text = flag_of(row, "is_text")};
}

WorkspaceConfig parse_config(std::string_view workspace_id, dom::element row) {
  return {.workspace_id = std::string(workspace_id),
          .enabled = flag_of(row, "enabled"),
          .provider = text_of(row, "provider"),
          .model = text_of(row, "model"),
          .system_prompt = text_of(row, "system_prompt"),
          .temperature = optional_number<double>(row, "temperature"),
          .max_tokens = whole_number(row, "max_tokens"),
          .api_key = text_of(row, "api_key"),
          .base_url = text_of(row, "base_url")};
}

JobContext parse_context(dom::element row) {
  JobContext context;
  context.started_at = number_of(row, "at");
  context.age = std::chrono::milliseconds{number_of(row, "age_ms")};
  if (const auto original = object_of(row, "original")) context.original = parse_message(*original);
  if (dom::array history; row["history"].get(history) == simdjson::SUCCESS) {
    for (const dom::element message : history) context.history.push_back(parse_message(message));
  }
  if (const auto contact = object_of(row, "contact")) {
    context.contact = Contact{.workspace_id = text_of(*contact, "workspace_id"),
                              .phone_number = text_of(*contact, "phone_number"),
                              .conversation_status = text_of(*contact, "conversation_status")};
  }
  if (const auto recorded = object_of(row, "recorded")) {
    context.recorded = RecordedReply{text_of(*recorded, "log_id"), text_of(*recorded, "text")};
  }
  std::int64_t since_sent = 0;
  if (row["since_sent_ms"].get(since_sent) == simdjson::SUCCESS) {
    context.since_sent = std::chrono::milliseconds{since_sent};
  }
  context.answered_elsewhere = flag_of(row, "answered_elsewhere");
  context.superseded = flag_of(row, "superseded");
  context.opted_out_since = flag_of(row, "opted_out_since");
  return context;
}

}  // namespace

std::string message_types_json(const std::vector<std::string>& types) {
  json document = json::array();
  for (const std::string& type : types) document.push_back(lower_case(type));
  return dump(document);
}

std::string held_batch(std::span<const HeldJob> jobs) {
  json batch = json::array();
  for (const HeldJob& job : jobs) batch.push_back(held_json(job));
  return dump(batch);
}

std::string start_batch(std::span<const StartRequest> requests) {
  json batch = json::array();
  for (const StartRequest& request : requests) {
    json row = held_json(request.held);
    row["lease_ms"] = request.lease.count();
    batch.push_back(std::move(row));
  }
  return dump(batch);
}

std::string record_batch(std::span<const RecordRequest> requests) {
  json batch = json::array();
  for (const RecordRequest& request : requests) {
    json row = held_json(request.held);
    row["lease_ms"] = request.lease.count();
    row["log_id"] = request.log_id;
    row["sends"] = request.sends;
    row["transmits"] = request.transmits;
    row["fresh"] = request.reply.has_value();
    if (const auto& reply = request.reply) {
      row["workspace_id"] = nullable(request.job.workspace_id);
      row["contact_id"] = nullable(request.job.contact_id);
      row["message_id"] = nullable(request.job.message_id);
      row["provider"] = reply->provider;
      row["model"] = reply->model;
      row["prompt"] = reply->prompt;
      row["response"] = reply->text;
      row["tokens_used"] = reply->tokens_used ? json(*reply->tokens_used) : json(nullptr);
      // As text: a JSON number would pass through a double on its way.
      row["cost"] =
          reply->cost_nanodollars ? json(decimal_dollars(*reply->cost_nanodollars)) : json(nullptr);
    }
    batch.push_back(std::move(row));
  }
  return dump(batch);
}

std::string settle_batch(std::span<const Settlement> settlements) {
  json batch = json::array();
  for (const Settlement& settlement : settlements) {
    json row = held_json({settlement.id, settlement.token});
    const std::string_view status = settlement.status();
    row["status"] = status;
    row["attempts"] = settlement.attempts;
    row["finished"] = status != "pending";
    row["released"] = settlement.outcome == Outcome::released;
    row["error"] = nullable(settlement.error);
    row["note"] = nullable(settlement.note);
    switch (settlement.due) {
      case Settlement::Due::unchanged:
        row["due"] = "unchanged";
        break;
      case Settlement::Due::after_now:
        row["due"] = "after_now";
        break;
      case Settlement::Due::after_send:
        row["due"] = "after_send";
        break;
    }
    row["delay_ms"] = settlement.delay.count();
    row["claimed_before"] = nullable(settlement.claimed_before);
    batch.push_back(std::move(row));
  }
  return dump(batch);
}

std::string supersede_batch(std::span<const Settlement> settlements,
                            const std::vector<bool>& settled) {
  json batch = json::array();
  for (std::size_t at = 0; at < settlements.size(); ++at) {
    const Settlement& settlement = settlements[at];
    if (!settled[at] || settlement.answered.empty()) continue;
    batch.push_back({{"id", settlement.id.value}, {"answered", settlement.answered}});
  }
  return batch.empty() ? "" : dump(batch);
}

std::vector<std::optional<JobContext>> parse_contexts(std::string_view text,
                                                      std::span<const StartRequest> requests) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  std::unordered_map<std::string, WorkspaceConfig> configs;
  for (const dom::key_value_pair config : dom::object(document["configs"].value())) {
    configs.emplace(config.key, parse_config(config.key, config.value));
  }
  std::unordered_map<std::string, JobContext> contexts;
  for (const dom::element row : array_of(document["jobs"].value())) {
    JobContext context = parse_context(row);
    const auto config = configs.find(text_of(row, "workspace_id"));
    if (config != configs.end()) context.config = config->second;
    contexts.emplace(text_of(row, "id"), std::move(context));
  }
  std::vector<std::optional<JobContext>> ordered;
  ordered.reserve(requests.size());
  for (const StartRequest& request : requests) {
    const auto found = contexts.find(request.held.id.value);
    if (found == contexts.end()) {
      ordered.emplace_back();
    } else {
      ordered.emplace_back(std::move(found->second));
    }
  }
  return ordered;
}

std::vector<std::optional<Recorded>> parse_recorded(std::string_view text,
                                                    std::span<const RecordRequest> requests) {
  dom::parser parser;
  std::unordered_map<std::string, dom::element> rows;
  for (const dom::element row : array_of(parse(parser, text)))
    rows.emplace(text_of(row, "id"), row);
  std::vector<std::optional<Recorded>> ordered;
  ordered.reserve(requests.size());
  for (const RecordRequest& request : requests) {
    const auto found = rows.find(request.held.id.value);
    if (found == rows.end()) {
      ordered.emplace_back();
      continue;
    }
    const dom::element row = found->second;
    ordered.push_back(Recorded{
        .text = optional_text(row, "text").value_or(request.reply ? request.reply->text : ""),
        .conditions = {.conversation_status = text_of(row, "conversation_status"),
                       .opted_out_since = flag_of(row, "opted_out_since"),
                       .config_enabled = flag_of(row, "enabled")},
        .at = number_of(row, "at")});
  }
  return ordered;
}

std::vector<bool> parse_ids(std::string_view text, std::span<const HeldJob> jobs) {
  return found_in(text, jobs);
}

std::vector<bool> parse_ids(std::string_view text, std::span<const Settlement> settlements) {
  return found_in(text, settlements);
}

std::vector<StartRequest> start_requests(std::span<const ClaimedJob> jobs,
                                         std::chrono::milliseconds lease) {
  std::vector<StartRequest> requests;
  requests.reserve(jobs.size());
  for (const ClaimedJob& job : jobs) {
    requests.push_back({{job.job.id, job.token}, lease, job.in_doubt});
  }
  return requests;
}

std::vector<HeldJob> jobs_in_doubt(std::span<const StartRequest> requests) {
  std::vector<HeldJob> jobs;
  for (const StartRequest& request : requests) {
    if (request.in_doubt) jobs.push_back(request.held);
  }
  return jobs;
}

void note_deliveries(std::string_view text,
                     std::span<const StartRequest> requests,
                     std::span<std::optional<JobContext>> contexts) {
  const std::vector<bool> found = found_in(text, requests);
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (found[at] && contexts[at]) contexts[at]->found_at_host = true;
  }
}

std::vector<JobStore::Preview> join_previews(std::span<const ClaimedJob> jobs,
                                             std::vector<std::optional<JobContext>> contexts) {
  std::vector<JobStore::Preview> previews;
  for (std::size_t at = 0; at < jobs.size(); ++at) {
    if (contexts[at]) previews.push_back({jobs[at], std::move(*contexts[at])});
  }
  return previews;
}

}  // namespace autoreply

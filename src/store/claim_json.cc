#include "store/claim_json.h"

#include <algorithm>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/text.h"
#include "store/config_json.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;
using nlohmann::json;

Candidates candidates_of(dom::element row) {
  Candidates found;
  found.place = static_cast<std::size_t>(number_of(row, "place"));
  found.considered = int_of(row, "considered");
  for (const dom::element job : array_of(row["jobs"].value())) {
    found.jobs.push_back(
        {text_of(job, "id"), text_of(job, "contact_id"), flag_of(job, "recorded")});
  }
  return found;
}

std::string_view name_of(Ask::Replies replies) {
  switch (replies) {
    case Ask::Replies::any:
      return "any";
    case Ask::Replies::recorded:
      return "recorded";
    case Ask::Replies::none:
      return "none";
    case Ask::Replies::expired:
      return "expired";
    case Ask::Replies::in_doubt:
      break;
  }
  return "in_doubt";
}

json nullable(const std::optional<int>& number) {
  return number ? json(*number) : json(nullptr);
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& character : upper) {
    if (character >= 'a' && character <= 'z') character = static_cast<char>(character - 'a' + 'A');
  }
  return upper;
}

/// Ids are usually stored in lower case. People may write them otherwise, and so may a host whose
/// database does not know that they are UUIDs.
std::vector<std::string> in_each_case(const std::vector<std::string>& ids) {
  std::vector<std::string> spellings;
  spellings.reserve(3 * ids.size());
  for (const std::string& id : ids) {
    spellings.push_back(id);
    spellings.push_back(lower_case(id));
    spellings.push_back(upper_case(id));
  }
  return spellings;
}

std::string ask_json(const Ask& ask, std::size_t place) {
  return dump({{"place", place},
               {"workspace_id", ask.workspace_id},
               {"jobs", ask.jobs},
               {"rows", ask.rows},
               {"replies", name_of(ask.replies)},
               {"at_random", ask.at_random},
               {"contact_per_minute", nullable(ask.contact_per_minute)},
               {"contact_per_hour", nullable(ask.contact_per_hour)},
               {"max_age_ms", ask.max_age.count()}});
}

}  // namespace

std::string filter_json(const CandidateRules& rules, std::span<const std::string> left_out) {
  const JobFilter& filter = rules.filter;
  json document = json::object();
  if (!filter.workspace_ids.empty()) document["workspace_ids"] = filter.workspace_ids;
  if (!filter.contact_ids.empty()) document["contact_ids"] = in_each_case(filter.contact_ids);
  if (!filter.job_ids.empty()) document["job_ids"] = in_each_case(filter.job_ids);
  if (!left_out.empty()) {
    document["not_job_ids"] = std::vector<std::string>(left_out.begin(), left_out.end());
  }
  if (filter.created_since) document["created_since"] = *filter.created_since;
  if (filter.created_before) document["created_before"] = *filter.created_before;
  if (rules.not_in_doubt) document["not_in_doubt"] = true;
  return dump(document);
}

std::string texts_json(std::span<const std::string> texts) {
  return dump(json(std::vector<std::string>(texts.begin(), texts.end())));
}

std::vector<std::string> parse_texts(std::string_view text) {
  dom::parser parser;
  return text_array_of(parse(parser, text));
}

std::vector<JobId> job_ids(std::vector<std::string> texts) {
  std::vector<JobId> ids;
  ids.reserve(texts.size());
  for (std::string& text : texts) ids.push_back({std::move(text)});
  return ids;
}

std::string wronged_json(std::span<const WrongedJob> jobs) {
  json batch = json::array();
  for (const WrongedJob& job : jobs) {
    batch.push_back({{"id", job.id.value},
                     {"attempts", job.attempt},
                     {"attempts_before", job.attempts_before},
                     {"at", job.at}});
  }
  return dump(batch);
}

ClaimState parse_claim_state(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  ClaimState state;
  state.now = number_of(document, "now");
  state.turn = text_of(document, "turn");
  state.claimed = int_of(document, "claimed");
  state.lapsed = text_array_of(document["lapsed"].value());
  return state;
}

WorkspacePage parse_workspace_page(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  return {.workspaces = text_array_of(document["workspaces"].value()),
          .last = optional_text(document, "last")};
}

std::vector<WorkspaceTerms> parse_terms(std::string_view text) {
  dom::parser parser;
  std::vector<WorkspaceTerms> terms;
  for (const dom::element row : array_of(parse(parser, text))) {
    WorkspaceTerms& one = terms.emplace_back();
    one.workspace_id = text_of(row, "workspace_id");
    if (const auto config = object_of(row, "config"))
      one.config = workspace_config_of(one.workspace_id, *config);
    one.contact_per_minute = optional_int(row, "contact_per_minute");
    one.contact_per_hour = optional_int(row, "contact_per_hour");
    one.workspace_per_minute = optional_int(row, "workspace_per_minute");
    one.claimed = int_of(row, "claimed");
    one.spent = spent_of(row);
  }
  return terms;
}

std::unordered_map<std::string, int> parse_in_flight(std::string_view text) {
  dom::parser parser;
  std::unordered_map<std::string, int> jobs;
  for (const dom::key_value_pair entry : dom::object(parse(parser, text))) {
    std::int64_t count = 0;
    if (entry.value.get(count) == simdjson::SUCCESS) {
      jobs.emplace(entry.key, static_cast<int>(count));
    }
  }
  return jobs;
}

std::string asks_json(std::span<const Ask> asks, std::size_t first) {
  std::string batch = "[";
  for (std::size_t at = 0; at < asks.size(); ++at) {
    if (at > 0) batch += ',';
    batch += ask_json(asks[at], first + at);
  }
  return batch + ']';
}

std::vector<Candidates> parse_candidates(std::string_view text) {
  dom::parser parser;
  std::vector<Candidates> found;
  for (const dom::element row : array_of(parse(parser, text))) found.push_back(candidates_of(row));
  return found;
}

Candidates parse_contacts(std::string_view text) {
  dom::parser parser;
  return candidates_of(parse(parser, text));
}

std::vector<ClaimedJob> parse_claimed(std::string_view text, const ClaimTerm& term) {
  dom::parser parser;
  std::vector<ClaimedJob> jobs;
  for (const dom::element row : array_of(parse(parser, text))) {
    ClaimedJob job;
    job.job = {.id = {text_of(row, "id")},
               .workspace_id = text_of(row, "workspace_id"),
               .contact_id = text_of(row, "contact_id"),
               .message_id = text_of(row, "message_id"),
               .created_at = optional_whole(row, "created_ms")};
    job.token = term.token;
    job.attempt = static_cast<int>(number_of(row, "attempts"));
    job.attempts_before = static_cast<int>(number_of(row, "attempts_before"));
    job.sends = static_cast<int>(number_of(row, "sends"));
    job.reply_log_id = optional_text(row, "ai_log_id");
    job.former_log_id = optional_text(row, "former_log_id");
    job.in_doubt = flag_of(row, "in_doubt");
    job.kept_in_doubt = flag_of(row, "kept_in_doubt");
    job.exhausted = job.attempts_before >= term.max_attempts;
    job.broken_off = flag_of(row, "broken_off");
    job.previous = previous_attempt(view_of(row, "error"));
    job.claimed_before = optional_text(row, "claimed_before");
    job.previous_claim = optional_whole(row, "previous_claim_ms");
    jobs.push_back(std::move(job));
  }
  return jobs;
}

DueSample parse_waiting(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  DueSample sample{
      .contacts = {},
      .oldest_due =
          optional_milliseconds(document, "oldest_due_ms").value_or(std::chrono::milliseconds{0})};
  for (const dom::element row : elements_of(document, "contacts")) {
    sample.contacts.push_back({.workspace_id = text_of(row, "workspace_id"),
                               .contact_id = text_of(row, "contact_id"),
                               .due = int_of(row, "due"),
                               .recorded = int_of(row, "recorded"),
                               .in_minute = int_of(row, "in_minute"),
                               .in_hour = int_of(row, "in_hour")});
  }
  return sample;
}

}  // namespace autoreply

#include "store/batch_json.h"

#include <algorithm>
#include <ctime>
#include <optional>
#include <string>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_fields.h"
#include "base/text.h"

namespace autoreply {
namespace {

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
  json row;
  row["id"] = held.id.value;
  row["token"] = held.token.value;
  return row;
}

std::string time_text(DatabaseTime time) {
  return fmt::format("{:%FT%TZ}", fmt::gmtime(static_cast<std::time_t>(time / 1'000)));
}

template <class Request, class CreatedAt>
MessageTimes times_of(std::span<const Request> requests, CreatedAt created_at) {
  constexpr DatabaseTime kDay = 86'400'000;
  constexpr DatabaseTime kLatest = 250'000'000'000'000;  // before the year 9900
  if (requests.empty()) return {};
  DatabaseTime oldest = kLatest;
  DatabaseTime newest = 0;
  for (const Request& request : requests) {
    const std::optional<DatabaseTime>& time = created_at(request);
    if (!time || *time < kDay || *time > kLatest) return {};
    oldest = std::min(oldest, *time);
    newest = std::max(newest, *time);
  }
  return {.since = time_text(oldest - kDay), .until = time_text(newest + kDay + 1'000)};
}

}  // namespace

MessageTimes message_times(std::span<const StartRequest> requests) {
  return times_of(
      requests, [](const StartRequest& request) -> const auto& { return request.created_at; });
}

MessageTimes message_times(std::span<const RecordRequest> requests) {
  return times_of(
      requests, [](const RecordRequest& request) -> const auto& { return request.job.created_at; });
}

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
      // Text, because a JSON number would be rounded to a double on its way.
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
    if (settlement.waits_for != WaitsFor::nothing)
      row["waits_for"] = to_string(settlement.waits_for);
    row["claimed_before"] = nullable(settlement.claimed_before);
    row["sends"] = settlement.sends ? json(*settlement.sends) : json(nullptr);
    if (const auto& spent = settlement.spent) {
      row["workspace_id"] = spent->workspace_id;
      row["day"] = spent->of_day.day;
      row["tokens"] = spent->of_day.spending.tokens;
      row["nanodollars"] = spent->of_day.spending.nanodollars;
    }
    batch.push_back(std::move(row));
  }
  return dump(batch);
}

std::string supersede_batch(std::span<const Settlement> settlements) {
  json batch = json::array();
  for (const Settlement& settlement : settlements) {
    if (settlement.answered.empty()) continue;
    json row = held_json({settlement.id, settlement.token});
    row["answered"] = settlement.answered;
    batch.push_back(std::move(row));
  }
  return batch.empty() ? "" : dump(batch);
}

std::string holds_batch(std::span<const Hold> holds) {
  json batch = json::array();
  for (const Hold& hold : holds) {
    batch.push_back({{"workspace_id", hold.workspace_id},
                     {"contact_id", hold.contact_id},
                     {"reason", to_string(hold.reason)},
                     {"breaker", hold.breaker},
                     {"detail", hold.detail},
                     {"spares_recorded", hold.spares_recorded},
                     {"since", hold.since ? json(*hold.since) : json(nullptr)},
                     {"until", hold.until ? json(*hold.until) : json(nullptr)}});
  }
  return dump(batch);
}

std::vector<HeldJob> jobs_in_doubt(std::span<const StartRequest> requests) {
  std::vector<HeldJob> jobs;
  for (const StartRequest& request : requests) {
    if (request.in_doubt) jobs.push_back(request.held);
  }
  return jobs;
}

}  // namespace autoreply

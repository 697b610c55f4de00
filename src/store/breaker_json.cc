#include "store/breaker_json.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/json_fields.h"

namespace autoreply {
namespace {

namespace dom = simdjson::dom;
using nlohmann::json;

/// Skips elements that are only the id of a job; rows of an earlier schema may hold them.
std::vector<Failure> failures_of(dom::element array) {
  std::vector<Failure> failures;
  for (const dom::element element : array_of(array)) {
    if (element.is_object())
      failures.push_back({text_of(element, "job"), text_of(element, "workspace_id")});
  }
  return failures;
}

Breaker breaker_of(dom::element row) {
  Breaker breaker;
  breaker.failures = failures_of(row["failed_jobs"].value());
  breaker.opened_at = optional_whole(row, "opened_at");
  breaker.changed_at = number_of(row, "changed_at");
  breaker.probe_at = number_of(row, "probe_at");
  breaker.pause = std::chrono::milliseconds{number_of(row, "pause_ms")};
  breaker.probing_until = optional_whole(row, "probing_until");
  breaker.blocked_until = optional_whole(row, "blocked_until");
  breaker.in_flight_max = int_of(row, "in_flight_max");
  breaker.successes = int_of(row, "successes");
  breaker.cause =
      text_of(row, "cause") == "refused" ? Breaker::Cause::refused : Breaker::Cause::down;
  breaker.scope = scope_named(text_of(row, "scope"));
  breaker.reason = text_of(row, "reason");
  breaker.words = text_of(row, "words");
  breaker.last_failed = text_of(row, "last_failed");
  breaker.failing_since = optional_whole(row, "failing_since");
  breaker.accepted_at = optional_whole(row, "accepted_at");
  breaker.accepted_job = text_of(row, "accepted_job");
  for (const dom::element one : array_of(row["rejections"].value())) {
    breaker.rejections.push_back({.job = text_of(one, "job"),
                                  .workspace_id = text_of(one, "workspace_id"),
                                  .contact_id = text_of(one, "contact_id"),
                                  .words = text_of(one, "words"),
                                  .at = number_of(one, "at"),
                                  .evident = flag_of(one, "evident"),
                                  .in_row = flag_of(one, "in_row"),
                                  .attempt = int_of(one, "attempt"),
                                  .attempts_before = int_of(one, "attempts_before")});
  }
  return breaker;
}

NamedBreaker named_breaker_of(dom::element row) {
  return {{text_of(row, "name"), text_of(row, "label")}, breaker_of(row)};
}

/// A row of write_breakers.sql.
json json_of(const NamedBreaker& named) {
  const Breaker& breaker = named.breaker;
  const auto moment = [](const std::optional<DatabaseTime>& time) {
    return time ? json(*time) : json(nullptr);
  };
  json failures = json::array();
  for (const Failure& failure : breaker.failures) {
    failures.push_back({{"job", failure.job}, {"workspace_id", failure.workspace_id}});
  }
  json rejections = json::array();
  for (const Rejection& one : breaker.rejections) {
    rejections.push_back({{"job", one.job},
                          {"workspace_id", one.workspace_id},
                          {"contact_id", one.contact_id},
                          {"words", one.words},
                          {"at", one.at},
                          {"evident", one.evident},
                          {"in_row", one.in_row},
                          {"attempt", one.attempt},
                          {"attempts_before", one.attempts_before}});
  }
  return {{"name", named.peer.name},
          {"failed_jobs", std::move(failures)},
          {"opened_at", moment(breaker.opened_at)},
          {"changed_at", breaker.changed_at},
          {"probe_at", breaker.probe_at},
          {"pause_ms", breaker.pause.count()},
          {"probing_until", moment(breaker.probing_until)},
          {"blocked_until", moment(breaker.blocked_until)},
          {"in_flight_max", breaker.in_flight_max},
          {"successes", breaker.successes},
          {"cause", breaker.cause == Breaker::Cause::refused ? "refused" : "down"},
          {"scope", to_string(breaker.scope)},
          {"reason", breaker.reason},
          {"words", breaker.words},
          {"last_failed", breaker.last_failed},
          {"failing_since", moment(breaker.failing_since)},
          {"accepted_at", moment(breaker.accepted_at)},
          {"accepted_job", breaker.accepted_job},
          {"rejections", std::move(rejections)}};
}

}  // namespace

std::string peers_json(std::span<const Peer> peers) {
  json list = json::array();
  for (const Peer& peer : peers) list.push_back({{"name", peer.name}, {"label", peer.label}});
  return dump(list);
}

LockedBreakers parse_locked_breakers(std::string_view text) {
  dom::parser parser;
  const dom::element document = parse(parser, text);
  LockedBreakers locked;
  locked.now = number_of(document, "now");
  for (const dom::element row : array_of(document["breakers"].value())) {
    locked.breakers.emplace(text_of(row, "name"), breaker_of(row));
  }
  for (const dom::element row : array_of(document["workspaces"].value())) {
    locked.workspaces.emplace(
        text_of(row, "workspace_id"),
        OtherWorkspaces{.none = flag_of(row, "no_other"), .due = flag_of(row, "others_due")});
  }
  return locked;
}

std::vector<NamedBreaker> parse_breakers(std::string_view text) {
  dom::parser parser;
  std::vector<NamedBreaker> breakers;
  for (const dom::element row : array_of(parse(parser, text))) {
    breakers.push_back(named_breaker_of(row));
  }
  return breakers;
}

std::string breakers_json(std::span<const NamedBreaker> breakers) {
  json batch = json::array();
  for (const NamedBreaker& one : breakers) batch.push_back(json_of(one));
  return dump(batch);
}

std::string accepted_json(std::span<const AcceptedPeer> peers) {
  json batch = json::array();
  for (const AcceptedPeer& one : peers) {
    batch.push_back({{"name", one.peer.name}, {"label", one.peer.label}, {"job", one.job}});
  }
  return dump(batch);
}

}  // namespace autoreply

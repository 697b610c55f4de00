#include "deliver/callback.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/json_fields.h"
#include "base/version.h"
#include "deliver/host_answer.h"
#include "job/rejection_words.h"
#include "net/request_secrets.h"
#include "net/retry_after.h"
#include "net/url.h"

namespace autoreply {
namespace {

constexpr std::size_t kAnswerBytesMax = 1UL << 20U;

/// Whether a status means that our token is wrong or that the host's API is at another address.
bool is_misdirected(int status) {
  constexpr std::array kStatuses{401, 403, 404, 405, 407, 410, 415};
  return (status >= 300 && status <= 399) ||
         std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end();
}

/// Returns the finding for a status outside 2xx.
Finding finding_of(int status, int sends, const HostAnswer& host) {
  if (status == 429) return Finding::throttled;
  if (status == 503) return Finding::busy;
  if (status == 409 || status == 425) return Finding::conflict;
  // On a repetition, 422 means that the idempotency key is known with other data: an earlier
  // transmission arrived.
  const bool key_known = status == 422 && sends > 1;
  if (status < 200 || status == 408 || status >= 500 || key_known) return Finding::unanswered;
  if (is_misdirected(status)) return Finding::misdirected;
  return host.says_invalid_recipient ? Finding::invalid_recipient : Finding::rejected;
}

Finding finding_of_success(const HostAnswer& host) {
  if (host.denies_success) {
    if (host.says_opted_out) return Finding::opted_out;
    return host.says_invalid_recipient ? Finding::invalid_recipient : Finding::rejected;
  }
  // The SMS was sent, whatever numbers the body also contains.
  if (host.claims_success) return Finding::accepted;
  if (host.reports_opted_out) return Finding::opted_out;
  return host.is_web_page ? Finding::web_page : Finding::accepted;
}

/// Returns how long the host asks us to wait. Rate-limit headers count only in an answer that is
/// about a limit.
std::optional<std::chrono::milliseconds> wait_of(const HttpResponse& response,
                                                 const HostAnswer& host,
                                                 std::chrono::system_clock::time_point now) {
  if (const auto wait = retry_after(response.headers, now)) return wait;
  if (response.status != 429 && response.status != 503) return std::nullopt;
  const auto there = date_of(response.headers, now);
  if (const auto wait = parse_wait(host.retry_after, there)) return wait;
  return wait_of_exhausted_limits(response.headers, there);
}

}  // namespace

Peer callback_peer(const std::string& url, const Secret& token) {
  // The length prevents collisions between different pairs of texts.
  Peer callback{
      .name = "callback:" + sha256_hex(fmt::format("{}:{}{}", url.size(), url, token.reveal())),
      .label = "callback"};
  if (const auto parsed = parse_url(url)) {
    callback.label = fmt::format("callback {}://{}:{}", parsed->scheme, parsed->host, parsed->port);
  }
  return callback;
}

std::string callback_payload(const Delivery& delivery) {
  nlohmann::ordered_json payload;
  payload["to"] = delivery.to;
  payload["message"] = delivery.text;
  payload["workspaceId"] = delivery.workspace_id;
  payload["contactId"] = delivery.contact_id;
  auto& metadata = payload["metadata"];
  metadata["contactId"] = delivery.contact_id;
  metadata["isAiGenerated"] = true;
  metadata["aiLogId"] = delivery.log_id;
  return dump_in_order(payload);
}

Answer callback_answer(const HttpResponse& response,
                       int sends,
                       std::chrono::system_clock::time_point now) {
  const int status = response.status;
  const HostAnswer host = parse_host_answer(response.body);
  const bool success = status >= 200 && status <= 299;
  Answer answer;
  if (success) {
    answer.finding = finding_of_success(host);
  } else if (host.says_opted_out) {
    answer.finding = Finding::opted_out;
  } else {
    answer.finding = finding_of(status, sends, host);
  }
  if (answer.finding == Finding::accepted) return answer;
  answer.reason = fmt::format(
      "callback answered HTTP {}{}", status, host.message.empty() ? "" : ": " + host.message);
  if (answer.finding == Finding::web_page) answer.reason += " with a web page";
  if (!success) answer.wait = wait_of(response, host, now);
  if (answer.finding != Finding::unanswered) {
    answer.words = rejection_words(status, host.code, host.message);
  }
  return answer;
}

Answer callback_answer(const HttpFailure& failure,
                       int sends,
                       std::chrono::system_clock::time_point now) {
  using Kind = HttpFailure::Kind;
  if (failure.request_sent && failure.status > 0) {
    HttpResponse begun;
    begun.status = failure.status;
    begun.headers = failure.headers;
    begun.body = failure.body;
    Answer answer = callback_answer(begun, sends, now);
    if (answer.finding != Finding::accepted) answer.reason += ", " + failure.message;
    return answer;
  }
  if (failure.request_sent) {
    return {.finding = Finding::unanswered,
            .reason = "no answer from the callback: " + failure.message};
  }
  if (failure.kind == Kind::no_resources) {
    return {.finding = Finding::no_resources,
            .reason = "the callback was not called: " + failure.message};
  }
  if (failure.kind == Kind::stopped || failure.kind == Kind::withheld) {
    return {.finding = Finding::not_sent,
            .reason = failure.message + " before the request went out"};
  }
  if (failure.kind == Kind::invalid) {
    return {.finding = Finding::misdirected,
            .reason = "the callback's URL or token cannot be sent: " + failure.message,
            .words = "malformed"};
  }
  return {.finding = Finding::unreachable,
          .reason = "the callback cannot be reached: " + failure.message};
}

namespace {

Answer answer_to(const HttpResult& result, int sends, std::chrono::system_clock::time_point now) {
  return result ? callback_answer(*result, sends, now)
                : callback_answer(result.error(), sends, now);
}

std::string& body_of(HttpResult& result) {
  return result ? result->body : result.error().body;
}

/// Returns what reads the result of a request. Both must outlive it.
std::function<Answer()> reading_of(HttpResult& result, const HttpRequest& request, int sends) {
  return [&result, &request, sends] {
    const auto now = std::chrono::system_clock::now();
    Answer answer = answer_to(result, sends, now);
    // Some hosts quote the request in their error messages, and the message is stored in the row.
    // The finding still comes from the original text.
    std::string& body = body_of(result);
    if (answer.finding != Finding::accepted && !body.empty()) {
      body = without_secrets(std::move(body), request);
      Answer told = answer_to(result, sends, now);
      answer.reason = std::move(told.reason);
      answer.words = std::move(told.words);
    }
    return answer;
  };
}

}  // namespace

Task<Answer> Callback::deliver(const Delivery& delivery,
                               HttpSender& http,
                               const std::stop_token& stop) const {
  return post(callback_payload(delivery), delivery, http, stop);
}

Task<Answer> Callback::probe(HttpSender& http) const {
  const Delivery nothing;
  const std::stop_token never;
  std::string payload = "{}";
  co_return co_await post(std::move(payload), nothing, http, never);
}

Task<Answer> Callback::post(std::string payload,
                            const Delivery& delivery,
                            HttpSender& http,
                            const std::stop_token& stop) const {
  HttpRequest request;
  request.url = settings_.url;
  request.body = payload;
  request.timeout = settings_.timeout;
  request.response_bytes_max = kAnswerBytesMax;
  request.address_policy = AddressPolicy::any;
  request.may_begin = delivery.may_begin;
  request.headers = {{"Content-Type", "application/json"}, {"User-Agent", std::string(kUserAgent)}};
  if (!delivery.log_id.empty()) request.headers.emplace_back("Idempotency-Key", delivery.log_id);
  if (!settings_.token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + settings_.token.reveal());
  }
  HttpResult result = co_await http.post(request, stop);
  std::function<Answer()> read = reading_of(result, request, delivery.sends);
  Answer answer = co_await reader_.read(body_of(result).size(), std::move(read));
  forget_header_values(request);
  co_return answer;
}

}  // namespace autoreply

#include "deliver/callback.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/masking.h"
#include "base/uuid.h"
#include "base/version.h"
#include "deliver/host_answer.h"
#include "net/retry_after.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Kind = Verdict::Kind;

constexpr std::string_view kBreakerNamespace = "0d9bd0a4-3c1f-5b0e-8a52-6f0c8b7d1e94";
constexpr std::size_t kAnswerBytesMax = 1UL << 20U;

Verdict deliver_verdict(Kind kind,
                        std::string reason,
                        std::optional<std::chrono::milliseconds> wait = std::nullopt) {
  return verdict(kind, "deliver", std::move(reason), wait);
}

bool is_refused_for_now(int status) {
  return status == 409 || status == 425 || status == 429 || status == 503;
}

}  // namespace

CallbackBreakerName callback_breaker_name(const std::string& url) {
  CallbackBreakerName breaker{.name = "callback:" + uuid_v5(kBreakerNamespace, url),
                              .label = "callback"};
  if (const auto parsed = parse_url(url)) {
    breaker.label = fmt::format("callback {}://{}:{}", parsed->scheme, parsed->host, parsed->port);
  }
  return breaker;
}

CallReport::Result call_result(const Verdict& verdict) {
  switch (verdict.kind) {
    case Kind::retry:
    case Kind::in_doubt:
      return CallReport::Result::down;
    case Kind::not_started:
      return CallReport::Result::nothing;
    default:
      return CallReport::Result::up;
  }
}

std::string callback_payload(const Delivery& delivery) {
  using Json = nlohmann::ordered_json;
  const Json payload = {{"to", delivery.to},
                        {"message", delivery.text},
                        {"workspaceId", delivery.workspace_id},
                        {"contactId", delivery.contact_id},
                        {"metadata",
                         {{"contactId", delivery.contact_id},
                          {"isAiGenerated", true},
                          {"aiLogId", delivery.log_id}}}};
  return payload.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Verdict callback_verdict(const HttpResponse& response,
                         int sends,
                         std::chrono::system_clock::time_point now) {
  const int status = response.status;
  const HostAnswer host = parse_host_answer(response.body);
  const std::string said = fmt::format(
      "callback answered HTTP {}{}", status, host.message.empty() ? "" : ": " + host.message);
  if (status >= 200 && status <= 299) {
    if (host.denies_success) return deliver_verdict(Kind::reject, said);
    return deliver_verdict(Kind::delivered, "");
  }
  if (is_refused_for_now(status)) {
    return deliver_verdict(Kind::retry, said, retry_after(response.headers, now));
  }
  // An idempotency key known with other data (422) means that an earlier transmission arrived.
  const bool key_known = status == 422 && sends > 1;
  if (status < 200 || status == 408 || status >= 500 || key_known) {
    return deliver_verdict(Kind::in_doubt, said);
  }
  return deliver_verdict(Kind::reject, said);
}

Verdict callback_verdict(const HttpFailure& failure) {
  // The status says what became of the SMS, however much the host has to say about it.
  if (failure.kind == HttpFailure::Kind::too_large && failure.status >= 200 &&
      failure.status <= 299) {
    return deliver_verdict(Kind::delivered, "");
  }
  const std::string reason = "no answer from the callback: " + failure.message;
  if (failure.request_sent) return deliver_verdict(Kind::in_doubt, reason);
  if (failure.kind == HttpFailure::Kind::stopped || failure.kind == HttpFailure::Kind::withheld) {
    return deliver_verdict(Kind::not_started, failure.message + " before the request went out");
  }
  return deliver_verdict(Kind::retry, reason);
}

Verdict Callback::deliver(const Delivery& delivery,
                          HttpClient& http,
                          const std::stop_token& stop) const {
  const std::string payload = callback_payload(delivery);
  HttpRequest request;
  request.url = settings_.url;
  request.body = payload;
  request.timeout = settings_.timeout;
  request.response_bytes_max = kAnswerBytesMax;
  request.address_policy = AddressPolicy::any;
  request.may_begin = delivery.may_begin;
  request.headers = {{"Content-Type", "application/json"},
                     {"Idempotency-Key", delivery.log_id},
                     {"User-Agent", std::string(kUserAgent)}};
  if (!settings_.token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + settings_.token.reveal());
  }
  HttpResult response = http.post(request, stop);
  if (!response) return callback_verdict(response.error());
  // Hosts that quote the request in their error messages exist, and the message ends up in the row.
  response->body = without(std::move(response->body), settings_.token);
  return callback_verdict(*response, delivery.sends, std::chrono::system_clock::now());
}

}  // namespace autoreply

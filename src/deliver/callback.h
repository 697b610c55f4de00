#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "base/secret.h"
#include "job/breaker.h"
#include "job/verdict.h"
#include "net/http_client.h"

namespace autoreply {

/// A recorded reply on its way to the host.
struct Delivery {
  std::string to;  ///< phone number, E.164
  std::string text;
  std::string workspace_id;
  std::string contact_id;
  std::string log_id;  ///< also the idempotency key
  int sends = 1;       ///< transmissions up to and with this one
  /// Asked at the last moment, when the connection stands: whether the transmission may begin.
  std::function<bool()> may_begin{};
};

struct CallbackSettings {
  std::string url;  ///< the host's /send-sms; the operator's own, so any address
  Secret token;     ///< sent as bearer token; empty: none
  std::chrono::milliseconds timeout{15'000};  ///< of the whole request
};

/// Has the host send an SMS. Immutable and shared by all threads; each brings its own HTTP client.
class Callback final {
 public:
  explicit Callback(CallbackSettings settings) : settings_(std::move(settings)) {}

  /// Transmits the reply, once. The verdict's step is "deliver". `in_doubt` wherever the request
  /// went out and no definite answer came; `not_started` where `stop` or `may_begin` kept it from
  /// that.
  [[nodiscard]] Verdict deliver(const Delivery& delivery,
                                HttpClient& http,
                                const std::stop_token& stop) const;

 private:
  CallbackSettings settings_;
};

/// What the breaker of a callback is called in the database, and for people; neither shows what a
/// URL may hide in its path or query.
struct CallbackBreakerName {
  std::string name;
  std::string label;
};

[[nodiscard]] CallbackBreakerName callback_breaker_name(const std::string& url);

/// What a verdict of `Callback::deliver` tells about the host: a definite answer is one, whatever
/// it says of the reply. Pure.
[[nodiscard]] CallReport::Result call_result(const Verdict& verdict);

/// The JSON payload of the host's specification. Pure.
[[nodiscard]] std::string callback_payload(const Delivery& delivery);

/// The verdict on the host's answer, by the table of section 6 of the contract. Pure.
[[nodiscard]] Verdict callback_verdict(const HttpResponse& response,
                                       int sends,
                                       std::chrono::system_clock::time_point now);

/// The verdict where no answer came. Pure.
[[nodiscard]] Verdict callback_verdict(const HttpFailure& failure);

}  // namespace autoreply

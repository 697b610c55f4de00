#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "base/secret.h"
#include "job/answer.h"
#include "job/peer.h"
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
  std::chrono::milliseconds timeout{};  ///< of one transmission, from connecting to the last byte
};

/// Has the host send an SMS. Immutable and shared by all threads; each brings its own HTTP client.
class Callback final {
 public:
  explicit Callback(CallbackSettings settings) : settings_(std::move(settings)) {}

  /// Transmits the reply, once. `unanswered` if the request went out and no definite answer came;
  /// `not_sent` if `stop` or `may_begin` kept it from going out.
  [[nodiscard]] Answer deliver(const Delivery& delivery,
                               HttpClient& http,
                               const std::stop_token& stop) const;

  /// How long one transmission may take.
  [[nodiscard]] std::chrono::milliseconds timeout() const { return settings_.timeout; }

 private:
  CallbackSettings settings_;
};

/// The callback as its breaker knows it: another URL or token is another peer. Shows nothing that a
/// URL may hide in its path or query.
[[nodiscard]] Peer callback_peer(const std::string& url, const Secret& token);

/// The JSON payload of the host's specification. Pure.
[[nodiscard]] std::string callback_payload(const Delivery& delivery);

/// The row of the table of section 6 of the contract that fits the host's answer. `sends` is the
/// number of transmissions up to and with this one. Pure.
[[nodiscard]] Answer callback_answer(const HttpResponse& response,
                                     int sends,
                                     std::chrono::system_clock::time_point now);

/// The row that fits if no whole answer came. A status that was read decides, however the rest of
/// the answer ended. Pure.
[[nodiscard]] Answer callback_answer(const HttpFailure& failure,
                                     int sends,
                                     std::chrono::system_clock::time_point now);

}  // namespace autoreply

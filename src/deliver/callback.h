#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "base/secret.h"
#include "base/side_thread.h"
#include "base/task.h"
#include "job/answer.h"
#include "job/peer.h"
#include "net/http_sender.h"

namespace autoreply {

/// A recorded reply to be sent to the host.
struct Delivery {
  std::string to;  ///< phone number, E.164
  std::string text;
  std::string workspace_id;
  std::string contact_id;
  std::string log_id;  ///< also the idempotency key
  int sends = 1;       ///< transmissions up to and with this one
  /// Called at the last moment, when the connection is open: returns whether to transmit.
  std::function<bool()> may_begin{};
};

struct CallbackSettings {
  std::string url;  ///< the host's /send-sms; chosen by the operator, so any address is allowed
  Secret token;     ///< sent as a bearer token; empty: none is sent
  std::chrono::milliseconds timeout{};  ///< of one transmission, from connecting to the last byte
};

/// Makes the host send an SMS. Shared by all threads; each call brings its HTTP client.
class Callback final {
 public:
  explicit Callback(CallbackSettings settings) : settings_(std::move(settings)) {}

  /// Transmits the reply once. The finding is `unanswered` if the request was sent but no definite
  /// answer came, and `not_sent` if `stop` or `may_begin` prevented the transmission.
  [[nodiscard]] Task<Answer> deliver(const Delivery& delivery,
                                     HttpSender& http,
                                     const std::stop_token& stop) const;

  /// Asks the host to send an empty object, with which it can do nothing: shows whether it is there
  /// and takes the token. Any finding but those of `accepted` and rejections is trouble.
  [[nodiscard]] Task<Answer> probe(HttpSender& http) const;

  /// How long one transmission may take.
  [[nodiscard]] std::chrono::milliseconds timeout() const { return settings_.timeout; }

 private:
  [[nodiscard]] Task<Answer> post(std::string payload,
                                  const Delivery& delivery,
                                  HttpSender& http,
                                  const std::stop_token& stop) const;

  CallbackSettings settings_;
  mutable SideThread reader_;  ///< of large answers
};

/// Returns the callback as its breaker identifies it: a different URL or token is a different peer.
/// The label shows no path or query, because a URL may contain secrets there.
[[nodiscard]] Peer callback_peer(const std::string& url, const Secret& token);

/// Builds the JSON payload that the host specifies. Pure.
[[nodiscard]] std::string callback_payload(const Delivery& delivery);

/// Classifies the host's answer. `sends` is the number of transmissions, including this one. Pure.
[[nodiscard]] Answer callback_answer(const HttpResponse& response,
                                     int sends,
                                     std::chrono::system_clock::time_point now);

/// Classifies a call without a complete answer. If a status was read, it decides, however the rest
/// of the answer ended. Pure.
[[nodiscard]] Answer callback_answer(const HttpFailure& failure,
                                     int sends,
                                     std::chrono::system_clock::time_point now);

}  // namespace autoreply

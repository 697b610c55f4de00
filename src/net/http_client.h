#pragma once

#include <array>
#include <memory>
#include <stop_token>

#include "net/http_message.h"
#include "net/http_sender.h"

namespace autoreply {

/// Sends POST requests over kept connections.
///
/// Only one thread may use a client at a time. Give each thread its own client and keep it, because
/// connections are not shared. A request is transmitted at most once. Redirects are not followed,
/// certificates are verified, and the time and size of an answer are bounded.
class HttpClient final : public HttpSender {
 public:
  /// The most descriptors that a client has open: for each policy its wake-up descriptors and its
  /// kept connections, plus two sockets while it resolves a name or connects.
  static constexpr int kDescriptorsMax = 9;

  HttpClient();
  ~HttpClient() override;

  /// An answer with an unknown content encoding is returned with its raw body.
  [[nodiscard]] HttpResult post(const HttpRequest& request, const std::stop_token& stop) override;

 private:
  struct Easy;
  struct Pool;

  [[nodiscard]] Pool* pool_for(AddressPolicy policy);

  std::unique_ptr<Easy> easy_;
  /// One per policy, because a tenant's request must never reuse a connection to a private address
  /// that was opened for the operator. Created on first use.
  std::array<std::unique_ptr<Pool>, 2> pools_;
};

}  // namespace autoreply

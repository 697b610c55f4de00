#pragma once

#include <array>
#include <memory>
#include <stop_token>

#include "net/http_message.h"

namespace autoreply {

/// POSTs over kept connections.
///
/// One thread at a time; make one a thread and keep it, since the connections are its own. A
/// request is transmitted at most once. Redirects are not followed, certificates are verified, and
/// time and size of an answer are bounded.
class HttpClient final {
 public:
  /// How many descriptors a client has open at most: for each policy what wakes it and the
  /// connections that it keeps, and two sockets while it resolves a name or connects.
  static constexpr int kDescriptorsMax = 9;

  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends `request` and waits for the whole answer, whatever its status. A request of `stop`
  /// breaks the exchange off at once; `stopped` then says by `request_sent` whether it may have
  /// arrived. A whole answer whose content encoding is unknown is an answer with its raw body.
  [[nodiscard]] HttpResult post(const HttpRequest& request, const std::stop_token& stop);

 private:
  struct Easy;
  struct Pool;

  [[nodiscard]] Pool* pool_for(AddressPolicy policy);

  std::unique_ptr<Easy> easy_;
  /// One a policy: a connection to a private address, opened for the operator, must not be found
  /// and used again for a tenant. Made when first needed.
  std::array<std::unique_ptr<Pool>, 2> pools_;
};

}  // namespace autoreply

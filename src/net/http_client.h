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
  HttpClient();
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Sends `request` and waits for the whole answer, whatever its status. A request of `stop`
  /// breaks the exchange off at once; `stopped` then says by `request_sent` whether it may have
  /// arrived.
  [[nodiscard]] HttpResult post(const HttpRequest& request, const std::stop_token& stop);

 private:
  struct Easy;
  struct Pool;

  std::unique_ptr<Easy> easy_;
  /// One a policy: a connection to a private address, opened for the operator, must not be found
  /// and used again for a tenant.
  std::array<std::unique_ptr<Pool>, 2> pools_;
};

}  // namespace autoreply

#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "base/loop.h"
#include "base/task.h"
#include "net/http_message.h"

namespace autoreply {

/// Sends POST requests, each at most once, in the thread of one loop. Many may be under way.
class HttpSender {
 public:
  HttpSender() = default;
  virtual ~HttpSender() = default;
  HttpSender(const HttpSender&) = delete;
  HttpSender& operator=(const HttpSender&) = delete;

  /// Sends `request` and waits for the whole answer, whatever its status. `stop` breaks the
  /// exchange off at once. The failure is then `stopped`, and its `request_sent` says whether the
  /// request may have arrived.
  [[nodiscard]] virtual Task<HttpResult> post(const HttpRequest& request,
                                              const std::stop_token& stop) = 0;
};

/// Makes the sender of one loop.
using SenderMaker = std::function<std::unique_ptr<HttpSender>(Loop&)>;

}  // namespace autoreply

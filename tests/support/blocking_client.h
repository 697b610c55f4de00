#pragma once

#include <cstddef>
#include <stop_token>
#include <utility>
#include <vector>

#include "base/loop.h"
#include "base/task.h"
#include "net/http_client.h"

namespace autoreply::test {

/// An HTTP client with a loop of its own, for tests that wait for each answer.
class BlockingClient final {
 public:
  explicit BlockingClient(std::size_t requests_max = 1,
                          std::size_t answer_bytes_max = HttpClient::kAnswerBytesMax)
      : client_(loop_, requests_max, answer_bytes_max) {}

  HttpResult post(const HttpRequest& request, const std::stop_token& stop) {
    return run(client_.post(request, stop));
  }

  /// Sends all of them at once. The results come in their order.
  std::vector<HttpResult> post_all(const std::vector<HttpRequest>& requests,
                                   const std::stop_token& stop) {
    std::vector<HttpResult> results(requests.size());
    std::size_t missing = requests.size();
    loop_.post([&] {
      for (std::size_t at = 0; at < requests.size(); ++at) {
        post_one(requests[at], stop, results[at], missing);
      }
    });
    loop_.run();
    return results;
  }

  /// Runs a task that uses `sender`.
  template <class T>
  T run(Task<T> task) {
    return loop_.run(std::move(task));
  }

  [[nodiscard]] HttpSender& sender() { return client_; }
  [[nodiscard]] Loop& loop() { return loop_; }

 private:
  Detached post_one(const HttpRequest& request,
                    const std::stop_token& stop,
                    HttpResult& result,
                    std::size_t& missing) {
    result = co_await client_.post(request, stop);
    if (result) result->room = nullptr;  // as if it had been read
    if (--missing == 0) loop_.end();
  }

  Loop loop_;
  HttpClient client_;
};

}  // namespace autoreply::test

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// Which addresses a request may be sent to.
enum class AddressPolicy {
  any,          ///< the operator chose the address; proxies of the environment apply
  public_only,  ///< a tenant chose it: https on port 443 of a public address, without a proxy
};

/// A POST with a body.
struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  ///< must outlive the call
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds connect_timeout{10'000};  ///< never more than `timeout`
  std::size_t response_bytes_max = 4UL << 20U;        ///< of the body, packed and unpacked
  AddressPolicy address_policy = AddressPolicy::public_only;
  /// Asked once, when the connection stands and the body is about to leave; false withholds the
  /// request. Empty: always. Must not throw.
  std::function<bool()> may_begin{};
};

/// Names with their values; a name matches in any case.
class HttpHeaders final {
 public:
  void add(std::string_view name, std::string value);
  void clear() { entries_.clear(); }

  /// The value of the first header of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& entries() const {
    return entries_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;  ///< names in lower case
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  ///< of the final answer: interim and proxy answers are left out
  std::string body;     ///< any bytes; unpacked, if it was packed with gzip or deflate
};

/// Why no complete answer came, and what came of it.
struct HttpFailure {
  static constexpr std::size_t kBodyBytesMax = 64UL << 10U;

  enum class Kind {
    connect,            ///< the name does not resolve, or no one accepts the connection
    tls,                ///< no trusted encrypted connection came about
    timeout,            ///< the connection or the whole exchange took too long
    broken,             ///< the connection ended early, or what came is no HTTP
    too_large,          ///< the answer is over its limit
    forbidden_address,  ///< the address policy refuses the address
    stopped,            ///< the caller's stop token said so
    withheld,           ///< the request's `may_begin` said no
    invalid,            ///< the URL or a header is malformed: nothing was tried
    no_resources,       ///< this machine lacks descriptors, threads or memory: no fault of the peer
  };

  Kind kind = Kind::broken;
  /// Whether any of the body may have left. Without it the other side has no complete request and
  /// cannot have acted on it.
  bool request_sent = false;
  std::string message;  ///< one line without query and keys
  int status = 0;  ///< of an answer that began and did not end as it should, 200 or more; else 0
  HttpHeaders headers{};  ///< of that answer, as far as they came
  std::string body{};     ///< of that answer, what came of it, cut to `kBodyBytesMax`
};

using HttpResult = tl::expected<HttpResponse, HttpFailure>;

}  // namespace autoreply

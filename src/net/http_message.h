#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// Which addresses a request may be sent to.
enum class AddressPolicy {
  any,          ///< the operator chose the address; proxies from the environment apply
  public_only,  ///< a tenant chose it: https on port 443 of a public address, without a proxy
};

/// A POST request with a body.
struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  ///< must outlive the call
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds connect_timeout{10'000};  ///< capped at `timeout`
  std::size_t response_bytes_max = 4UL << 20U;  ///< applies to the body both packed and unpacked
  AddressPolicy address_policy = AddressPolicy::public_only;
  /// Called once, when the connection is open and the body is about to be sent. Returning false
  /// withholds the request. An empty function means yes. Must not throw.
  std::function<bool()> may_begin{};
};

/// Overwrites the values of a request's headers, which may hold a key. Call it after the request.
void forget_header_values(HttpRequest& request) noexcept;

/// Header names with their values. Names match in any case.
class HttpHeaders final {
 public:
  void add(std::string_view name, std::string_view value);
  void clear();

  /// Returns the value of the first header with that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

  struct Entry {
    std::string_view name;  ///< in lower case
    std::string_view value;
  };
  /// All of them in order. Valid until the next change.
  [[nodiscard]] std::vector<Entry> entries() const;

 private:
  struct Lengths {
    std::size_t name;
    std::size_t value;
  };
  // An answer has twenty headers, of which one or two are ever asked for.
  std::string text_;  ///< all names and values, one after the other
  std::vector<Lengths> lengths_;
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  ///< of the final answer only, not of interim and proxy answers
  std::string body;     ///< any bytes; unpacked if it was packed with gzip or deflate
  /// What the body takes of the client's budget, until it has been read and the last copy goes, in
  /// the loop's thread. May be null.
  std::shared_ptr<void> room{};
};

/// Why no complete answer came, and what arrived of it.
struct HttpFailure {
  static constexpr std::size_t kBodyBytesMax = 64UL << 10U;

  enum class Kind {
    connect,            ///< the name does not resolve, or nothing accepts the connection
    tls,                ///< no trusted encrypted connection could be established
    timeout,            ///< the connection or the whole exchange took too long
    broken,             ///< the connection ended early, or the answer is not HTTP
    too_large,          ///< the answer exceeds its limit
    forbidden_address,  ///< the address policy refuses the address
    stopped,            ///< the caller's stop token was triggered
    withheld,           ///< the request's `may_begin` returned false
    invalid,            ///< the URL or a header is malformed: nothing was tried
    no_resources,       ///< this machine lacks descriptors, threads or memory; not the peer's fault
  };

  Kind kind = Kind::broken;
  /// Whether any of the body may have been sent. If not, the other side has no complete request and
  /// cannot have acted on it.
  bool request_sent = false;
  std::string message;    ///< one line without query and keys
  int status = 0;         ///< of an incomplete answer, 200 or more; otherwise 0
  HttpHeaders headers{};  ///< of that answer, as far as they arrived
  std::string body{};     ///< of that answer, as far as it arrived, cut to `kBodyBytesMax`
};

using HttpResult = tl::expected<HttpResponse, HttpFailure>;

}  // namespace autoreply

// Runs one transfer at a time on one easy handle. A multi handle drives it because only that can be
// woken from another thread. The body lies in a buffer, so it shares a packet with the head. If a
// kept connection turns out to be closed, libcurl would silently send the POST again on another
// one. It asks before it sends, and a second time is refused.

#include "net/http_client.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <new>
#include <stdexcept>
#include <type_traits>

#include <curl/curl.h>
#include <sys/socket.h>

#include "base/secret.h"
#include "base/text.h"
#include "net/address.h"
#include "net/certificate_store.h"
#include "net/http_ending.h"
#include "net/http_exchange.h"
#include "net/url.h"

namespace autoreply {
namespace {

/// A connection that was idle for longer is not reused. Node's servers and many proxies close idle
/// connections after 5 s. If a request crosses such a close on the wire, its fate is unknown.
constexpr long kIdleSecondsMax = 4;
/// An upper bound: libcurl's own timers and the stop token end the wait earlier.
constexpr int kPollMilliseconds = 1'000;

extern "C" {

int begin_request(void* exchange, char*, char*, int, int) {
  return static_cast<HttpExchange*>(exchange)->begin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t write_body(char* bytes, std::size_t size, std::size_t count, void* exchange) {
  const std::string_view part(bytes, size * count);
  return static_cast<HttpExchange*>(exchange)->write_body(part) ? part.size()
                                                                : CURL_WRITEFUNC_ERROR;
}

std::size_t write_header(char* bytes, std::size_t size, std::size_t count, void* exchange) {
  const std::string_view line(bytes, size * count);
  return static_cast<HttpExchange*>(exchange)->write_header(line) ? line.size()
                                                                  : CURL_WRITEFUNC_ERROR;
}

// libcurl passes the address that the name resolved to, so the checked address is always the one
// that is connected to. libcurl does not report why a socket could not be opened.
curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<HttpExchange*>(data);
  if (exchange.address_policy == AddressPolicy::public_only && !is_public(address->addr)) {
    ++exchange.sockets_refused;
    return CURL_SOCKET_BAD;
  }
  const int opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (opened < 0) {
    exchange.socket_error = errno;
    return CURL_SOCKET_BAD;
  }
  ++exchange.sockets_opened;
  return opened;
}

CURLcode set_up_tls(CURL*, void* ssl_context, void*) {
  use_shared_certificates(ssl_context);
  return CURLE_OK;
}

}  // extern "C"

/// curl_easy_setopt is variadic and accepts anything; this accepts only types that it can handle.
template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  static_assert(std::is_pointer_v<Value> || std::is_same_v<Value, long> ||
                std::is_same_v<Value, curl_off_t>);
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) {
    throw std::runtime_error("libcurl lacks an option that autoreply needs");
  }
}

struct FreeList {
  /// The lines may hold a key.
  void operator()(curl_slist* list) const {
    for (const curl_slist* line = list; line != nullptr; line = line->next) {
      explicit_bzero(line->data, std::strlen(line->data));
    }
    curl_slist_free_all(list);
  }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

HeaderList header_list(const HttpRequest& request) {
  HeaderList list;
  append(list, "Expect:");  // no pause for a "100 Continue" before the body
  for (const auto& [name, value] : request.headers) {
    std::string line = std::string(name).append(": ").append(value);
    append(list, line);
    Secret::overwrite(line);
  }
  return list;
}

bool is_clean(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char character) {
    return character < ' ' || character == 0x7F;
  });
}

HttpFailure invalid(std::string message) {
  return {HttpFailure::Kind::invalid, false, std::move(message)};
}

/// Returns why a request must not even be tried; empty if it may.
std::optional<HttpFailure> objection(const HttpRequest& request) {
  const Result<Url> url = parse_url(request.url);
  if (!url) return invalid(url.error().message);
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || !is_clean(name) || !is_clean(value)) return invalid("malformed header");
  }
  const bool tame = url->scheme == "https" && url->has_default_port && !url->has_credentials;
  if (request.address_policy == AddressPolicy::public_only && !tame) {
    return HttpFailure{HttpFailure::Kind::forbidden_address, false, "only https on port 443"};
  }
  return std::nullopt;
}

void configure(CURL* easy, const HttpRequest& request, HttpExchange& exchange) {
  const auto timeout = std::max(request.timeout, std::chrono::milliseconds(1));
  const auto connect_timeout =
      std::clamp(request.connect_timeout, std::chrono::milliseconds(1), timeout);
  const bool public_only = request.address_policy == AddressPolicy::public_only;

  curl_easy_reset(easy);  // keeps the connections
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, public_only ? "https" : "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // Over HTTP/2, libcurl repeats requests that the server says it refused.
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);  // a stop does not wait for a hanging resolver
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
  set(easy, CURLOPT_MAXAGE_CONN, kIdleSecondsMax);

  set(easy, CURLOPT_POST, 1L);
  set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  set(easy, CURLOPT_POSTFIELDS, request.body.data());
  set(easy, CURLOPT_PREREQFUNCTION, &begin_request);
  set(easy, CURLOPT_PREREQDATA, &exchange);
  set(easy, CURLOPT_WRITEFUNCTION, &write_body);
  set(easy, CURLOPT_WRITEDATA, &exchange);
  set(easy, CURLOPT_HEADERFUNCTION, &write_header);
  set(easy, CURLOPT_HEADERDATA, &exchange);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Bodies arrive undecoded: libcurl fails on an encoding that it does not know.
  set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);

  const char* const none = nullptr;
  set(easy, CURLOPT_CAINFO, none);
  set(easy, CURLOPT_CAPATH, none);
  set(easy, CURLOPT_SSL_CTX_FUNCTION, &set_up_tls);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));  // or later
  if (public_only) {
    set(easy, CURLOPT_PROXY, "");  // a proxy would resolve the name where we cannot check it
  }
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, &exchange);
}

}  // namespace

struct HttpClient::Easy {
  Easy() : handle(curl_easy_init()) {
    if (handle == nullptr) throw std::bad_alloc();
  }
  ~Easy() { curl_easy_cleanup(handle); }
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;

  CURL* handle;
};

struct HttpClient::Pool {
  /// Limits the number of kept connections. A job uses two, to its provider and to the callback. A
  /// tenant's own address is not called twice in a row.
  explicit Pool(AddressPolicy policy) : handle(curl_multi_init()) {
    if (handle == nullptr) throw std::bad_alloc();
    curl_multi_setopt(handle, CURLMOPT_MAXCONNECTS, policy == AddressPolicy::any ? 2L : 1L);
  }
  ~Pool() { curl_multi_cleanup(handle); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  CURLM* handle;
};

/// Returns null if the machine lacks descriptors. libcurl would create a multi handle without its
/// wake-up descriptors, and a stop could not wake that.
HttpClient::Pool* HttpClient::pool_for(AddressPolicy policy) {
  std::unique_ptr<Pool>& pool = pools_.at(static_cast<std::size_t>(policy));
  if (pool == nullptr) {
    auto made = std::make_unique<Pool>(policy);
    if (curl_multi_wakeup(made->handle) != CURLM_OK) return nullptr;
    pool = std::move(made);
  }
  return pool.get();
}

namespace {

/// Adds an easy handle to a multi handle for one transfer.
class Transfer final {
 public:
  Transfer(CURLM* multi, CURL* easy)
      : multi_(multi), easy_(easy), added_(curl_multi_add_handle(multi, easy) == CURLM_OK) {}
  ~Transfer() { curl_multi_remove_handle(multi_, easy_); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Runs to the end or until `stop`. Returns nothing if stopped.
  std::optional<CURLcode> run(const std::stop_token& stop) {
    if (!added_) return CURLE_FAILED_INIT;
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    while (!stop.stop_requested()) {
      int running = 0;
      if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
      int queued = 0;
      if (const CURLMsg* message = curl_multi_info_read(multi_, &queued)) {
        return message->data.result;
      }
      if (curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr) != CURLM_OK) {
        return CURLE_FAILED_INIT;
      }
    }
    return std::nullopt;
  }

 private:
  CURLM* multi_;
  CURL* easy_;
  bool added_;
};

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_ALL); });
}

}  // namespace

HttpClient::HttpClient() {
  initialise_curl();
  easy_ = std::make_unique<Easy>();
}

HttpClient::~HttpClient() = default;

HttpResult HttpClient::post(const HttpRequest& request, const std::stop_token& stop) {
  if (auto refused = objection(request)) return tl::unexpected(std::move(*refused));

  const Pool* const pool = pool_for(request.address_policy);
  if (pool == nullptr) return result_of({.code = CURLE_FAILED_INIT}, {});

  HttpExchange exchange;
  exchange.may_begin = request.may_begin;
  exchange.body_bytes_max = request.response_bytes_max;
  exchange.address_policy = request.address_policy;
  std::array<char, CURL_ERROR_SIZE> detail{};
  CURL* const easy = easy_->handle;
  const HeaderList headers = header_list(request);
  configure(easy, request, exchange);
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  set(easy, CURLOPT_ERRORBUFFER, detail.data());

  const std::optional<CURLcode> code = Transfer(pool->handle, easy).run(stop);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  exchange.response.status = static_cast<int>(status);
  HttpEnding ending{.stopped = !code,
                    .code = code.value_or(CURLE_OK),
                    .system_error = 0,
                    .detail = detail.data()};
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &ending.system_error);
  // Nothing in the handle may point into this frame after it is gone.
  curl_easy_reset(easy);
  return result_of(ending, std::move(exchange));
}

}  // namespace autoreply

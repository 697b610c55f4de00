// The body lies in a buffer, so it shares a packet with the head. If a kept connection turns out to
// be closed, libcurl would silently send the POST again on another one. It asks before it sends,
// and a second time is refused.

#include "net/transfer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string_view>
#include <type_traits>

#include <curl/curl.h>
#include <sys/socket.h>

#include "base/secret.h"
#include "net/address.h"
#include "net/certificate_store.h"

namespace autoreply {
namespace {

static_assert(Transfer::kDetailBytes == CURL_ERROR_SIZE);

/// A connection that was idle for longer is not reused. Node's servers and many proxies close idle
/// connections after 5 s. If a request crosses such a close on the wire, its fate is unknown.
constexpr long kIdleSecondsMax = 4;
/// Each transfer has one. Ordinary answers have 1 to 4 kB.
constexpr long kReadBufferBytes = 4'096;

extern "C" {

int begin_request(void* exchange, char*, char*, int, int) {
  return static_cast<HttpExchange*>(exchange)->begin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t write_body(char* bytes, std::size_t size, std::size_t count, void* exchange) {
  const std::string_view part(bytes, size * count);
  switch (static_cast<HttpExchange*>(exchange)->write_body(part)) {
    case HttpExchange::Taken::all:
      return part.size();
    case HttpExchange::Taken::later:
      return CURL_WRITEFUNC_PAUSE;
    case HttpExchange::Taken::no:
      break;
  }
  return CURL_WRITEFUNC_ERROR;
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
  if (exchange.has_news != nullptr) *exchange.has_news = true;
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

}  // namespace

void FreeEasy::operator()(void* easy) const {
  curl_easy_cleanup(easy);
}

EasyHandle make_easy() {
  EasyHandle made(curl_easy_init());
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

void set_up(void* easy, Transfer& transfer, std::chrono::milliseconds waited) {
  using std::chrono::milliseconds;
  const HttpRequest& request = *transfer.request;
  const auto timeout = std::max(request.timeout - waited, milliseconds(1));
  const auto connect_timeout =
      std::clamp(request.connect_timeout - waited, milliseconds(1), timeout);
  const bool public_only = request.address_policy == AddressPolicy::public_only;
  HttpExchange* const exchange = &transfer.exchange;

  set(easy, CURLOPT_PRIVATE, &transfer);
  set(easy, CURLOPT_ERRORBUFFER, transfer.detail.data());
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
  set(easy, CURLOPT_BUFFERSIZE, kReadBufferBytes);

  HeaderList headers = header_list(request);
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  transfer.headers = std::move(headers);
  set(easy, CURLOPT_POST, 1L);
  set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  set(easy, CURLOPT_POSTFIELDS, request.body.data());
  set(easy, CURLOPT_PREREQFUNCTION, &begin_request);
  set(easy, CURLOPT_PREREQDATA, exchange);
  set(easy, CURLOPT_WRITEFUNCTION, &write_body);
  set(easy, CURLOPT_WRITEDATA, exchange);
  set(easy, CURLOPT_HEADERFUNCTION, &write_header);
  set(easy, CURLOPT_HEADERDATA, exchange);
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
  set(easy, CURLOPT_OPENSOCKETDATA, exchange);
}

void take_apart(void* easy, Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  transfer.exchange.response.status = static_cast<int>(status);
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &transfer.ending.system_error);
  transfer.ending.detail = transfer.detail.data();
  curl_easy_reset(easy);  // keeps the connections
  transfer.headers.reset();
}

}  // namespace autoreply

#include "net/http_ending.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "net/content_encoding.h"

namespace autoreply {
namespace {

constexpr std::size_t kMessageBytesMax = 200;

bool is_lack(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

/// Whether this process cannot open the few descriptors that resolving a name takes. The resolver
/// does not report that: to it, files and servers that cannot be opened do not exist.
bool lacks_descriptors() {
  std::array<int, 4> opened{};
  bool lacks = false;
  for (int& one : opened) {
    one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    lacks = lacks || (one < 0 && is_lack(errno));
  }
  for (const int one : opened) {
    if (one >= 0) close(one);
  }
  return lacks;
}

bool is_no_resources(const HttpEnding& ending, const HttpExchange& exchange) {
  switch (ending.code) {
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
      return true;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return ending.detail.find("thread failed to start") != std::string_view::npos ||
             lacks_descriptors();
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
      // Once a connection exists, it does not matter that a socket for another address of the name
      // could not be opened.
      return !exchange.began &&
             (is_lack(exchange.socket_error) || is_lack(static_cast<int>(ending.system_error)));
    default:
      return exchange.out_of_memory;
  }
}

HttpFailure::Kind kind_of(const HttpEnding& ending, const HttpExchange& exchange) {
  using Kind = HttpFailure::Kind;
  if (exchange.withheld) return Kind::withheld;
  if (exchange.too_large) return Kind::too_large;
  if (is_no_resources(ending, exchange)) return Kind::no_resources;
  if (exchange.sockets_refused > 0 && exchange.sockets_opened == 0) return Kind::forbidden_address;
  switch (ending.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return Kind::connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Kind::tls;
    case CURLE_OPERATION_TIMEDOUT:
      return Kind::timeout;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:  // also an answer that is not HTTP
      return exchange.began ? Kind::broken : Kind::invalid;
    default:
      return Kind::broken;
  }
}

HttpFailure failure(const HttpEnding& ending, const HttpExchange& exchange) {
  HttpFailure failed{kind_of(ending, exchange), exchange.began, ""};
  switch (failed.kind) {
    case HttpFailure::Kind::too_large:
      failed.message = "answer over its size limit";
      break;
    case HttpFailure::Kind::withheld:
      failed.message = "withheld";
      break;
    case HttpFailure::Kind::forbidden_address:
      failed.message = "the name resolves to a private or local address";
      break;
    case HttpFailure::Kind::no_resources:
      failed.message = "this machine has no descriptor, thread or memory left for the call";
      break;
    default:
      failed.message = exchange.again
                           ? "the connection was closed without an answer"
                           : one_line(ending.detail.empty()
                                          ? curl_easy_strerror(static_cast<CURLcode>(ending.code))
                                          : ending.detail);
      failed.message = to_valid_utf8(utf8_prefix(failed.message, kMessageBytesMax));
  }
  return failed;
}

/// Joins all of them into one list, in the order of application.
std::string content_encodings(const HttpHeaders& headers) {
  std::string encodings;
  for (const auto& [name, value] : headers.entries()) {
    if (name == "content-encoding") encodings.append(encodings.empty() ? "" : ",").append(value);
  }
  return encodings;
}

/// Adds what arrived of an answer, for callers that judge by it.
HttpFailure with_answer(HttpFailure failed, HttpResponse came) {
  constexpr int kFirstFinalStatus = 200;
  if (came.status < kFirstFinalStatus) return failed;
  failed.status = came.status;
  failed.body = std::move(came.body);
  failed.body.resize(std::min(failed.body.size(), HttpFailure::kBodyBytesMax));
  failed.body.shrink_to_fit();
  failed.headers = std::move(came.headers);
  return failed;
}

/// Turns a completely received answer into the caller's result.
HttpResult whole_answer(HttpResponse came, std::size_t bytes_max) {
  DecodedBody decoded =
      decode_body(std::move(came.body), content_encodings(came.headers), bytes_max);
  came.body = std::move(decoded.body);
  switch (decoded.end) {
    case DecodedBody::End::whole:
      return came;
    case DecodedBody::End::cut:
      return tl::unexpected(with_answer(
          {HttpFailure::Kind::broken, true, "the packed answer ends early"}, std::move(came)));
    case DecodedBody::End::too_large:
      break;
  }
  return tl::unexpected(too_large(std::move(came)));
}

}  // namespace

HttpFailure too_large(HttpResponse came) {
  return with_answer({HttpFailure::Kind::too_large, true, "answer over its size limit"},
                     std::move(came));
}

bool is_packed(const HttpExchange& exchange) {
  return !content_encodings(exchange.response.headers).empty();
}

HttpResult result_of(const HttpEnding& ending, HttpExchange exchange) {
  HttpResponse& came = exchange.response;
  if (!ending.stopped && ending.code == CURLE_OK) {
    return whole_answer(std::move(came), exchange.body_bytes_max);
  }
  HttpFailure failed =
      ending.stopped
          ? HttpFailure{HttpFailure::Kind::stopped, exchange.began, "broken off by the stop"}
          : failure(ending, exchange);
  came.body =
      decode_body(std::move(came.body), content_encodings(came.headers), HttpFailure::kBodyBytesMax)
          .body;
  return tl::unexpected(with_answer(std::move(failed), std::move(came)));
}

}  // namespace autoreply

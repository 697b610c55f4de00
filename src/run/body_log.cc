#include "run/body_log.h"

#include <cstddef>

#include "base/masking.h"
#include "base/text.h"
#include "net/request_secrets.h"
#include "net/url.h"

namespace autoreply {
namespace {

constexpr std::size_t kBodyBytesMax = 16UL << 10U;

std::string printable(const std::string& body, const HttpRequest& request) {
  return shortened(one_line(to_valid_utf8(without_secrets(body, request))), kBodyBytesMax);
}

std::string host_of(const HttpRequest& request) {
  const auto url = parse_url(request.url);
  return url ? url->host : "";
}

}  // namespace

Task<HttpResult> BodyLog::post(const HttpRequest& request, const std::stop_token& stop) {
  HttpResult result = co_await sender_.post(request, stop);
  if (log_ == nullptr) co_return result;
  log_->info("http_exchange",
             {{"job", job_.value},
              {"host", host_of(request)},
              {"request", printable(std::string(request.body), request)},
              {"status", result ? result->status : result.error().status},
              {"answer", printable(result ? result->body : result.error().body, request)},
              {"reason", result ? "" : result.error().message}});
  co_return result;
}

}  // namespace autoreply

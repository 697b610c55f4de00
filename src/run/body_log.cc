#include "run/body_log.h"

#include <string_view>

#include "base/masking.h"
#include "base/secret.h"
#include "base/text.h"
#include "net/url.h"

namespace autoreply {
namespace {

constexpr std::size_t kBodyBytesMax = 16UL << 10U;

/// The body as one line without what stands in the request's headers: an answer may quote the key.
std::string printable(std::string_view body, const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  std::string text = one_line(utf8_prefix(body, kBodyBytesMax));
  for (const auto& [name, value] : request.headers) {
    // The reply's log, which the callback's body names.
    if (name == "Idempotency-Key" || value.empty()) continue;
    const std::string_view key = value;
    text =
        without(std::move(text),
                Secret(std::string(key.starts_with(kBearer) ? key.substr(kBearer.size()) : key)));
  }
  return text;
}

std::string host_of(const HttpRequest& request) {
  const auto url = parse_url(request.url);
  return url ? url->host : "";
}

}  // namespace

HttpResult BodyLog::post(const HttpRequest& request, const std::stop_token& stop) {
  HttpResult result = sender_->post(request, stop);
  if (log_ == nullptr) return result;
  log_->info("http_exchange",
             {{"job", job_},
              {"host", host_of(request)},
              {"request", printable(request.body, request)},
              {"status", result ? result->status : result.error().status},
              {"answer", printable(result ? result->body : result.error().body, request)},
              {"reason", result ? "" : result.error().message}});
  return result;
}

}  // namespace autoreply

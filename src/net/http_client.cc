#include "net/http_client.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include <curl/curl.h>

#include "net/certificate_store.h"
#include "net/http_ending.h"
#include "net/transfer.h"
#include "net/url.h"

namespace autoreply {
namespace {

bool is_clean(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char character) {
    return character < ' ' || character == 0x7F;
  });
}

HttpFailure invalid(std::string message) {
  return {HttpFailure::Kind::invalid, false, std::move(message)};
}

/// Returns why a request must not even be tried; empty if it may.
std::optional<HttpFailure> objection(const HttpRequest& request, const Result<Url>& url) {
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

/// What libcurl remembers an address for, or something more precise: the scheme and the authority
/// as they are written.
std::string looked_up_name(const std::string& url) {
  const std::size_t authority = url.find("://");
  if (authority == std::string::npos) return url;
  return url.substr(0, url.find_first_of("/?#\\", authority + 3));
}

HttpResult result_of_ended(Transfer& transfer) {
  return result_of(transfer.ending, std::move(transfer.exchange));
}

std::function<HttpResult()> unpacking_of(Transfer& transfer) {
  return [&transfer] { return result_of_ended(transfer); };
}

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_ALL); });
}

}  // namespace

void HttpClient::FreeShare::operator()(void* share) const {
  curl_share_cleanup(share);
}

HttpClient::HttpClient(Loop& loop, std::size_t requests_max, std::size_t answer_bytes_max)
    : loop_(loop), requests_max_(requests_max), answer_bytes_max_(answer_bytes_max) {
  initialise_curl();
  // Only this loop's thread uses it, so it needs no locks.
  share_.reset(curl_share_init());
  if (share_ == nullptr) throw std::bad_alloc();
  curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

HttpClient::~HttpClient() = default;

Transfers& HttpClient::transfers_for(AddressPolicy policy) {
  std::unique_ptr<Transfers>& transfers = transfers_.at(static_cast<std::size_t>(policy));
  if (transfers == nullptr) {
    // A job uses two connections, to its provider and to the callback. A tenant's address is its
    // provider.
    const std::size_t kept = policy == AddressPolicy::any ? 2 * requests_max_ : requests_max_;
    transfers = std::make_unique<Transfers>(loop_, kept, answer_bytes_max_ / 2, share_.get());
  }
  return *transfers;
}

Task<HttpResult> HttpClient::post(const HttpRequest& request, const std::stop_token& stop) {
  const Result<Url> url = parse_url(request.url);
  if (auto refused = objection(request, url)) co_return tl::unexpected(std::move(*refused));

  Transfer transfer;
  transfer.request = &request;
  transfer.name = looked_up_name(request.url);
  transfer.stop = stop;
  transfer.exchange.may_begin = request.may_begin;
  transfer.exchange.body_bytes_max = request.response_bytes_max;
  transfer.exchange.address_policy = request.address_policy;
  if (url->scheme == "https" && !asked_for_certificates_) {
    std::function<bool()> read = &read_shared_certificates;
    static_cast<void>(co_await side_thread_.run(std::move(read)));
    asked_for_certificates_ = true;  // if they are not complete, each new connection reads them
  }
  Transfers& transfers = transfers_for(request.address_policy);
  co_await transfers.run(transfer);
  std::shared_ptr<void> room = transfers.room_of(transfer);
  if (!is_packed(transfer.exchange)) {
    HttpResult result = result_of_ended(transfer);
    if (result) result->room = std::move(room);
    co_return result;
  }
  std::function<HttpResult()> unpack = unpacking_of(transfer);
  HttpResult result = co_await side_thread_.run(std::move(unpack));
  if (result && !transfers.hold_unpacked(*result)) {
    co_return tl::unexpected(too_large(std::move(*result)));
  }
  co_return result;
}

}  // namespace autoreply

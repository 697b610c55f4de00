#include "net/request_secrets.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <openssl/evp.h>

#include "base/masking.h"
#include "base/secret.h"
#include "base/text.h"
#include "net/url.h"

namespace autoreply {
namespace {

/// Shorter values of a query are no secrets, and occur in any text.
constexpr std::size_t kQuerySecretMin = 8;

constexpr std::array<std::string_view, 4> kKeyHeaders{
    "authorization", "x-api-key", "api-key", "x-goog-api-key"};

bool holds_key(std::string_view header) {
  const std::string name = lower_case(header);
  return std::ranges::find(kKeyHeaders, name) != kKeyHeaders.end();
}

std::string base64(const std::string& bytes) {
  constexpr std::size_t kGroup = 3;
  std::vector<unsigned char> text((bytes.size() / kGroup + 1) * 4 + 1);
  const int size = EVP_EncodeBlock(text.data(),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

std::vector<Secret> secrets_of(const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  std::vector<Secret> secrets;
  for (const auto& [name, value] : request.headers) {
    if (!holds_key(name)) continue;
    secrets.emplace_back(value.starts_with(kBearer) ? value.substr(kBearer.size()) : value);
  }
  const auto url = parse_url(request.url);
  if (!url) return secrets;
  if (url->has_credentials) {
    secrets.emplace_back(base64(url->user + ":" + url->password));
    secrets.emplace_back(url->password.empty() ? url->user : url->password);
  }
  for (const QueryValue& value : query_values(url->query)) {
    if (value.as_sent.size() < kQuerySecretMin) continue;
    secrets.emplace_back(value.as_sent);
    secrets.emplace_back(value.decoded);
  }
  return secrets;
}

}  // namespace

std::string without_secrets(std::string text, const HttpRequest& request) {
  for (const Secret& secret : secrets_of(request)) text = without(std::move(text), secret);
  return text;
}

}  // namespace autoreply

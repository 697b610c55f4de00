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

/// Shorter texts occur in any answer, and hiding them would make it unreadable.
constexpr std::size_t kSecretMin = 8;

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

/// Whether the name says so, or the value is no word, number or date.
bool may_be_secret(const QueryValue& value) {
  constexpr std::array<std::string_view, 8> kNames{
      "key", "token", "secret", "sig", "pass", "auth", "code", "hash"};
  const std::string name = lower_case(value.name);
  const auto is_in_name = [&](std::string_view part) {
    return name.find(part) != std::string::npos;
  };
  if (std::ranges::any_of(kNames, is_in_name)) return true;
  const auto has = [&](char from, char to) {
    return std::ranges::any_of(
        value.decoded, [&](char character) { return character >= from && character <= to; });
  };
  return has('0', '9') && (has('a', 'z') || has('A', 'Z'));
}

void add(std::vector<Secret>& secrets, const std::string& text) {
  if (text.size() >= kSecretMin) secrets.emplace_back(text);
}

std::vector<Secret> secrets_of(const HttpRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  std::vector<Secret> secrets;
  for (const auto& [name, value] : request.headers) {
    if (!holds_key(name)) continue;
    secrets.emplace_back(value.starts_with(kBearer) ? value.substr(kBearer.size()) : value);
  }
  if (const auto credentials = credentials_of(request.url)) {
    const std::string& user = credentials->user.reveal();
    const std::string& password = credentials->password.reveal();
    secrets.emplace_back(base64(user + ":" + password));
    add(secrets, user);
    add(secrets, password);
  }
  const auto url = parse_url(request.url);
  if (!url) return secrets;
  for (const QueryValue& value : query_values(url->query)) {
    if (!may_be_secret(value)) continue;
    add(secrets, value.as_sent);
    add(secrets, value.decoded);
  }
  return secrets;
}

}  // namespace

std::string without_secrets(std::string text, const HttpRequest& request) {
  for (const Secret& secret : secrets_of(request)) text = without(std::move(text), secret);
  return text;
}

}  // namespace autoreply

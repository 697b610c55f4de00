#include "net/url.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <curl/curl.h>
#include <curl/urlapi.h>

#include "base/text.h"

namespace autoreply {
namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURLU, FreeUrl>;

std::string without_end_slashes(std::string path) {
  while (!path.empty() && path.back() == '/') path.pop_back();
  return path;
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
  return text;
}

/// Whether a host directly follows the scheme. curl reads `http:/x` and `http:///x` as `http://x`.
bool begins_with_host(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.substr(colon, 3) != "://") return false;
  const std::string_view rest = text.substr(colon + 3);
  return !rest.empty() && std::string_view("/\\?#").find(rest.front()) == std::string_view::npos;
}

Result<Handle> read(const std::string& text) {
  const bool clean = std::none_of(text.begin(), text.end(), [](unsigned char character) {
    return character <= ' ' || character == 0x7F;
  });
  Handle url(curl_url());
  if (!url) return fail(ErrorKind::internal, "no memory for a URL");
  if (!clean || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return fail(ErrorKind::refused, "not a URL");
  }
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return fail(ErrorKind::refused, "neither an https nor an http URL");
  }
  if (!begins_with_host(text)) return fail(ErrorKind::refused, "a URL without host");
  return url;
}

/// Returns the length of the longest part of `path`, in whole segments from its start, that `whole`
/// ends with.
std::size_t segments_at_end(std::string_view whole, std::string_view path) {
  std::size_t length = path.size();
  while (length > 0 && !whole.ends_with(path.substr(0, length))) {
    length = path.rfind('/', length - 1);
  }
  return length;
}

}  // namespace

bool is_path_segment(std::string_view name) {
  const auto is_plain = [](unsigned char character) {
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z') ||
           std::string_view("-_.~:@").find(static_cast<char>(character)) != std::string_view::npos;
  };
  return !name.empty() && name.find_first_not_of('.') != std::string_view::npos &&
         std::all_of(name.begin(), name.end(), is_plain);
}

std::string normalised_host(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  return lower_case(host);
}

Result<Url> parse_url(const std::string& text) {
  const Result<Handle> handle = read(text);
  if (!handle) return fail(handle.error());
  Url url;
  url.scheme = part(handle->get(), CURLUPART_SCHEME);
  url.host = normalised_host(part(handle->get(), CURLUPART_HOST));
  url.has_credentials =
      text.find('@') != std::string::npos && (!part(handle->get(), CURLUPART_USER).empty() ||
                                              !part(handle->get(), CURLUPART_PASSWORD).empty());
  const std::string port = part(handle->get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  url.path = without_end_slashes(part(handle->get(), CURLUPART_PATH));
  url.query = part(handle->get(), CURLUPART_QUERY);
  url.has_default_port = url.port == (url.scheme == "https" ? 443 : 80);
  if (url.host.empty()) return fail(ErrorKind::refused, "a URL without host");
  if (url.port < 1 || url.port > 65'535) {
    return fail(ErrorKind::refused, "a URL with an impossible port");
  }
  return url;
}

std::optional<Credentials> credentials_of(const std::string& url) {
  const Result<Handle> handle = read(url);
  if (!handle) return std::nullopt;
  Credentials found{.user = Secret(part(handle->get(), CURLUPART_USER, CURLU_URLDECODE)),
                    .password = Secret(part(handle->get(), CURLUPART_PASSWORD, CURLU_URLDECODE))};
  if (found.user.empty() && found.password.empty()) return std::nullopt;
  return found;
}

std::vector<QueryValue> query_values(std::string_view query) {
  std::vector<QueryValue> values;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::size_t begin = equals == std::string_view::npos ? 0 : equals + 1;
    QueryValue value{.name = std::string(pair.substr(0, begin == 0 ? 0 : equals)),
                     .as_sent = std::string(pair.substr(begin)),
                     .decoded = ""};
    std::string spaced = value.as_sent;
    std::ranges::replace(spaced, '+', ' ');
    int size = 0;
    const std::unique_ptr<char, decltype(&curl_free)> decoded(
        curl_easy_unescape(nullptr, spaced.data(), static_cast<int>(spaced.size()), &size),
        &curl_free);
    if (decoded) value.decoded.assign(decoded.get(), static_cast<std::size_t>(size));
    values.push_back(std::move(value));
  }
  return values;
}

Result<std::string> append_path(const std::string& base,
                                std::string_view prefix,
                                std::string_view path) {
  const Result<Handle> handle = read(base);
  if (!handle) return fail(handle.error());
  std::string whole = without_end_slashes(part(handle->get(), CURLUPART_PATH));
  if (!std::string_view(whole).ends_with(path)) {
    whole += prefix.substr(segments_at_end(whole, prefix));
    whole += path;
  }
  curl_url_set(handle->get(), CURLUPART_PATH, whole.c_str(), 0);
  curl_url_set(handle->get(), CURLUPART_FRAGMENT, nullptr, 0);
  return part(handle->get(), CURLUPART_URL);
}

}  // namespace autoreply

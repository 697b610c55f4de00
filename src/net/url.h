#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace autoreply {

/// The parts of an http or https URL that rules are made about.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; IPv6 without brackets
  int port = 0;        ///< the scheme's own where the URL names none
  bool has_credentials = false;
  bool has_default_port = true;

  /// Whether both lead to the same server.
  [[nodiscard]] bool same_origin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

/// Reads an absolute http or https URL, as curl will read it when it connects. Returns `refused`
/// for anything else, for a URL without host, and for a port out of 1 to 65,535. The message
/// repeats nothing of the URL.
[[nodiscard]] Result<Url> parse_url(const std::string& text);

/// Returns `base` with `path` ("/chat/completions") at the end of its own path, keeping its query.
/// No slash is doubled, and a base that ends with the path already is kept.
[[nodiscard]] Result<std::string> append_path(const std::string& base, std::string_view path);

/// Writes a host the way `Url::host` is: lower case, without brackets and without a final dot.
[[nodiscard]] std::string normalised_host(std::string_view host);

}  // namespace autoreply

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace autoreply {

/// The parts of an http or https URL that rules apply to.
struct Url {
  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< lower case; IPv6 without brackets
  int port = 0;        ///< the scheme's default if the URL names none
  std::string path;    ///< without slashes at its end
  std::string query;   ///< without "?"
  bool has_credentials = false;
  bool has_default_port = true;

  /// Whether both URLs lead to the same server.
  [[nodiscard]] bool same_origin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

/// Parses an absolute http or https URL exactly as curl does when it connects. Returns `refused`
/// for anything else, for a URL without host, and for a port outside 1 to 65,535. The message
/// quotes nothing from the URL.
[[nodiscard]] Result<Url> parse_url(const std::string& text);

/// Returns `base` with `prefix` ("/v1") and `path` ("/messages") appended to its own path. Keeps
/// the query, doubles no slash, and does not repeat what the base already ends with: the first
/// segments of the prefix, or the path.
[[nodiscard]] Result<std::string> append_path(const std::string& base,
                                              std::string_view prefix,
                                              std::string_view path);

/// What a URL holds before its host, decoded.
struct Credentials {
  Secret user;
  Secret password;
};

/// Empty if the URL is malformed or has none.
[[nodiscard]] std::optional<Credentials> credentials_of(const std::string& url);

struct QueryValue {
  std::string name;
  std::string as_sent;
  std::string decoded;
};

/// The values of a query such as "key=value&other". One without a name has only a value.
[[nodiscard]] std::vector<QueryValue> query_values(std::string_view query);

/// Whether a name can be a segment of a path as it is, and leads to no other place.
[[nodiscard]] bool is_path_segment(std::string_view name);

/// Writes a host in the form of `Url::host`: lower case, without brackets and without a final dot.
[[nodiscard]] std::string normalised_host(std::string_view host);

}  // namespace autoreply

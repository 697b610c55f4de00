#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// The parameters of a connection, by libpq's names and in libpq's order. Those not given are
/// missing.
struct ConnectionParameters {
  std::vector<std::pair<std::string, std::string>> values;

  /// The parameter's value; empty if it is not given.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;

  /// How long connecting to one host may take.
  [[nodiscard]] std::chrono::milliseconds connect_timeout() const;

  /// How many hosts are named.
  [[nodiscard]] std::size_t host_count() const;

  /// The same parameters with the list of hosts rotated, so that host `number` is tried first.
  [[nodiscard]] ConnectionParameters beginning_with_host(std::size_t number) const;
};

/// Reads any connection string that libpq takes (URI or keywords). Adds this program's defaults for
/// a missing connect timeout, TCP keepalive and user timeout, so that a half-open connection is
/// noticed. Returns `misconfigured` for a malformed string, or for a password with a raw `@` or
/// `/`, which libpq would split in the wrong place. No message repeats a part of the string.
[[nodiscard]] Result<ConnectionParameters> parse_connection_string(std::string_view url);

}  // namespace autoreply

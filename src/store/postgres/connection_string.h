#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// The parameters of a connection by libpq's names, in libpq's order; what is not given is missing.
struct ConnectionParameters {
  std::vector<std::pair<std::string, std::string>> values;

  /// The parameter's value, empty where it is not given.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;

  /// How long one host may take until the connection stands.
  [[nodiscard]] std::chrono::milliseconds connect_timeout() const;

  /// How many hosts are named.
  [[nodiscard]] std::size_t host_count() const;

  /// The same with the list of hosts turned, so that the host of this number is tried first.
  [[nodiscard]] ConnectionParameters beginning_with_host(std::size_t number) const;
};

/// Reads any connection string that libpq takes (URI or keywords) and adds this program's defaults
/// for what it leaves open: connect timeout, TCP keepalive and user timeout, so that a half-open
/// connection is noticed. Returns `misconfigured` for a malformed one, also for one whose password
/// holds a raw `@` or `/`, which libpq would take apart in the wrong place. No message repeats a
/// part of the string.
[[nodiscard]] Result<ConnectionParameters> parse_connection_string(std::string_view url);

}  // namespace autoreply

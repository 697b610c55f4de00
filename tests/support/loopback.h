#pragma once

#include <string>

namespace autoreply::test {

/// Listens on a free port of 127.0.0.1. Throws std::system_error.
[[nodiscard]] int listen_on_loopback();

/// Returns the port that a socket is bound to.
[[nodiscard]] int local_port(int socket);

/// Returns a port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] int free_port();

/// Connects to a listening server. Returns -1 on failure.
[[nodiscard]] int connect_to(const std::string& host, const std::string& port);

/// Returns the number of connections that a server on this port of 127.0.0.1 has not closed,
/// including those that it has not accepted. Such connections may hold requests that the server has
/// not read.
[[nodiscard]] int open_connections(int server_port);

}  // namespace autoreply::test

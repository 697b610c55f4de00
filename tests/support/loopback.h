#pragma once

#include <string>

namespace autoreply::test {

/// Listens on 127.0.0.1 and a free port. Throws std::system_error.
[[nodiscard]] int listen_on_loopback();

/// The port that a socket is bound to.
[[nodiscard]] int local_port(int socket);

/// A port of 127.0.0.1 that nobody listened on a moment ago.
[[nodiscard]] int free_port();

/// Connects to a server that listens already; -1 where that fails.
[[nodiscard]] int connect_to(const std::string& host, const std::string& port);

/// How many connections a server on this port of 127.0.0.1 has not closed yet, those included that
/// it has not accepted: while there are any, it may hold requests that it has not read.
[[nodiscard]] int open_connections(int server_port);

}  // namespace autoreply::test

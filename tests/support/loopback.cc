#include "support/loopback.h"

#include <cerrno>
#include <fstream>
#include <limits>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace autoreply::test {
namespace {

// Socket states as written in /proc/net/tcp.
constexpr int kEstablished = 0x01;
constexpr int kCloseWait = 0x08;

int bind_to_loopback() {
  const int bound = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const void* const place = &address;
  if (bind(bound, static_cast<const sockaddr*>(place), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "bind");
  }
  return bound;
}

}  // namespace

int listen_on_loopback() {
  const int listener = bind_to_loopback();
  if (listen(listener, SOMAXCONN) != 0) {
    throw std::system_error(errno, std::generic_category(), "listen");
  }
  return listener;
}

int local_port(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  void* const place = &address;
  getsockname(socket, static_cast<sockaddr*>(place), &size);
  return ntohs(address.sin_port);
}

int free_port() {
  const int bound = bind_to_loopback();
  const int port = local_port(bound);
  close(bound);
  return port;
}

int connect_to(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    const int connection = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection, address->ai_addr, address->ai_addrlen) == 0) return connection;
    close(connection);
  }
  return -1;
}

int open_connections(int server_port) {
  std::ifstream table("/proc/net/tcp");
  table.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  const std::string local = fmt::format("0100007F:{:04X}", server_port);
  int count = 0;
  std::string number, from, to, state;
  while (table >> number >> from >> to >> state) {
    const int code = std::stoi(state, nullptr, 16);
    if (from == local && (code == kEstablished || code == kCloseWait)) ++count;
    table.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return count;
}

}  // namespace autoreply::test

#include "support/silent_server.h"

#include <cerrno>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace autoreply::test {

SilentServer::SilentServer() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd_, generic, size) != 0 || listen(fd_, SOMAXCONN) != 0 ||
      getsockname(fd_, generic, &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "listen");
  }
  port_ = ntohs(address.sin_port);
}

SilentServer::~SilentServer() {
  close(fd_);
}

bool SilentServer::wait_for_connection(std::chrono::milliseconds patience) const {
  // The kernel accepts connections on its own; this only checks that one is waiting.
  pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
}

}  // namespace autoreply::test

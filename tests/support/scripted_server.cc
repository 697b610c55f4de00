#include "support/scripted_server.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace autoreply::test {
namespace {

/// Reads one request. Returns nothing if the other side closes first.
std::optional<std::string> read_request(int connection) {
  std::string request;
  std::size_t wanted = std::string::npos;
  char buffer[4'096];
  while (request.size() < wanted) {
    const ssize_t length = recv(connection, buffer, sizeof buffer, 0);
    if (length <= 0) return std::nullopt;
    request.append(buffer, static_cast<std::size_t>(length));
    const std::size_t head = request.find("\r\n\r\n");
    if (wanted == std::string::npos && head != std::string::npos) {
      const std::size_t field = request.find("Content-Length: ");
      const std::size_t body =
          field < head ? std::strtoul(request.c_str() + field + 16, nullptr, 10) : 0;
      wanted = head + 4 + body;
    }
  }
  return request;
}

bool sends_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t length = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (length <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

/// Whether the other side keeps the connection open for `milliseconds` more.
bool stays_open(int connection, int milliseconds) {
  pollfd waiting{connection, POLLIN | POLLRDHUP, 0};
  return poll(&waiting, 1, milliseconds) == 0;
}

}  // namespace

Scripted answer(int status, std::string_view body, std::string_view headers) {
  return {fmt::format("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\n{}\r\n{}",
                      status,
                      body.size(),
                      headers,
                      body),
          Scripted::Then::keep};
}

ScriptedServer::ScriptedServer(std::vector<Scripted> script)
    : script_(std::move(script)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the scripted server cannot listen");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    for (const int connection : sockets_) shutdown(connection, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  for (const int connection : sockets_) close(connection);
  close(listener_);
}

std::string ScriptedServer::url(std::string_view path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return sockets_.size();
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (connection < 0 || closing_) {
      if (connection >= 0) close(connection);
      return;
    }
    // Only the destructor closes the descriptor, so its number is not reused earlier.
    sockets_.push_back(connection);
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

void ScriptedServer::serve(int connection) {
  using Then = Scripted::Then;
  while (auto request = read_request(connection)) {
    const Scripted step = next_step(std::move(*request));
    if (!sends_all(connection, step.bytes)) break;
    if (step.then == Then::trickle) {
      while (stays_open(connection, 5) && sends_all(connection, " ")) {
      }
      break;
    }
    if (step.then == Then::hang) static_cast<void>(stays_open(connection, -1));
    if (step.then != Then::keep) break;
  }
  shutdown(connection, SHUT_RDWR);
}

Scripted ScriptedServer::next_step(std::string request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  return script_.at(std::min(requests_.size(), script_.size()) - 1);
}

}  // namespace autoreply::test

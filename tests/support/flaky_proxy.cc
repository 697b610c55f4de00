#include "support/flaky_proxy.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/endpoint.h"

namespace autoreply::test {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t length = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (length <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(length));
  }
}

}  // namespace

struct FlakyProxy::Link {
  int client = -1;
  int server = -1;
  /// Applies to the server's next answer.
  std::optional<Fate> pending;
  bool silent = false;
  std::string kept;  ///< for the client after the silence
  std::string
      unseen;  ///< the last bytes from the client, which may contain the start of a statement
  bool closed = false;
};

FlakyProxy::FlakyProxy(std::string server_url) : url_(std::move(server_url)) {
  const std::size_t host = url_.find('@') + 1;
  const std::size_t colon = url_.find(':', host);
  const std::size_t slash = url_.find('/', colon);
  if (colon == std::string::npos || slash == std::string::npos) {
    throw std::runtime_error("the server's URL must name address and port: " + url_);
  }
  server_port_ = std::stoi(url_.substr(colon + 1, slash - colon - 1));

  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  void* const place = &address;
  if (bind(listener_, static_cast<sockaddr*>(place), size) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, static_cast<sockaddr*>(place), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  url_.replace(colon + 1, slash - colon - 1, std::to_string(ntohs(address.sin_port)));
  wake_file_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { serve(); });
}

FlakyProxy::~FlakyProxy() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  wake();
  thread_.join();
  close(listener_);
  close(wake_file_);
}

void FlakyProxy::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_file_, &one, sizeof one);
}

void FlakyProxy::cut() {
  {
    const std::scoped_lock lock(mutex_);
    cut_ = true;
  }
  wake();
}

void FlakyProxy::refuse() {
  {
    const std::scoped_lock lock(mutex_);
    cut_ = true;
    mode_ = Mode::refuse;
  }
  wake();
}

void FlakyProxy::go_silent() {
  {
    const std::scoped_lock lock(mutex_);
    mode_ = Mode::silent;
  }
  wake();
}

void FlakyProxy::resume() {
  {
    const std::scoped_lock lock(mutex_);
    mode_ = Mode::serve;
    for (Link& link : links_) link.silent = false;
  }
  wake();
}

void FlakyProxy::on_statement(std::string text, Fate fate) {
  const std::scoped_lock lock(mutex_);
  rules_.push_back({std::move(text), fate});
  for (Link& link : links_) link.unseen.clear();  // earlier bytes must not match
}

bool FlakyProxy::wait_until_done() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(
      lock, Endpoint::kPatience, [this] { return rules_.empty() && held_answers_ == 0; });
}

std::size_t FlakyProxy::connections() const {
  const std::scoped_lock lock(mutex_);
  return connections_;
}

bool FlakyProxy::wait_for_connections(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(
      lock, Endpoint::kPatience, [this, count] { return connections_ >= count; });
}

void FlakyProxy::accept_link() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  ++connections_;
  changed_.notify_all();
  if (mode_ == Mode::refuse) {
    close(client);
    return;
  }
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port_);
  const void* const place = &address;
  if (connect(server, static_cast<const sockaddr*>(place), sizeof address) != 0) {
    close(server);
    close(client);
    return;
  }
  Link& link = links_.emplace_back();
  link.client = client;
  link.server = server;
}

/// Moves the available bytes from one side to the other according to the rules. Returns false if
/// the link has ended.
bool FlakyProxy::move_bytes(Link& link, bool from_client) {
  std::array<char, 65'536> buffer{};
  const ssize_t length =
      recv(from_client ? link.client : link.server, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (length < 0) return errno == EAGAIN;
  if (length == 0) return false;
  const std::string_view bytes(buffer.data(), static_cast<std::size_t>(length));
  if (!from_client) {
    if (link.pending == Fate::lose_answer) return false;
    if (link.pending == Fate::hold_answer) {
      link.kept = bytes;
      link.silent = true;
      link.pending.reset();
      --held_answers_;
      changed_.notify_all();
      return true;
    }
    send_all(link.client, bytes);
    return true;
  }
  link.unseen += bytes;
  while (!rules_.empty()) {
    const Rule rule = rules_.front();
    const std::size_t found = link.unseen.find(rule.text);
    if (found == std::string::npos) break;
    link.unseen.erase(0, found + rule.text.size());
    rules_.pop_front();
    if (rule.fate == Fate::hold_answer) ++held_answers_;
    changed_.notify_all();
    if (rule.fate == Fate::lose) return false;
    if (rule.fate == Fate::refuse) {
      mode_ = Mode::refuse;
      cut_ = true;
      return false;
    }
    if (rule.fate == Fate::swallow) {
      link.silent = true;
      return true;
    }
    if (rule.fate != Fate::pass) link.pending = rule.fate;
  }
  constexpr std::size_t kLookBack = 256;
  if (link.unseen.size() > kLookBack) link.unseen.erase(0, link.unseen.size() - kLookBack);
  send_all(link.server, bytes);
  return true;
}

void FlakyProxy::serve() {
  for (;;) {
    std::vector<pollfd> files{{wake_file_, POLLIN, 0}, {listener_, POLLIN, 0}};
    std::vector<Link*> watched;
    {
      const std::scoped_lock lock(mutex_);
      if (closing_) cut_ = true;
      if (cut_) {
        for (Link& link : links_) link.closed = true;
        cut_ = false;
      }
      std::erase_if(links_, [](const Link& link) {
        if (!link.closed) return false;
        close(link.client);
        close(link.server);
        return true;
      });
      if (closing_) return;
      if (mode_ == Mode::serve) {
        for (Link& link : links_) {
          if (link.silent) continue;
          if (!link.kept.empty()) send_all(link.client, std::exchange(link.kept, {}));
          watched.push_back(&link);
          files.push_back({link.client, POLLIN, 0});
          files.push_back({link.server, POLLIN, 0});
        }
      }
    }
    poll(files.data(), files.size(), -1);
    const std::scoped_lock lock(mutex_);
    if (files[0].revents != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto taken = read(wake_file_, &count, sizeof count);
      continue;  // the state may have changed
    }
    for (std::size_t at = 0; at < watched.size(); ++at) {
      Link& link = *watched[at];
      if (files[2 + 2 * at].revents != 0 && !move_bytes(link, true)) link.closed = true;
      if (link.closed || link.silent) continue;
      if (files[3 + 2 * at].revents != 0 && !move_bytes(link, false)) link.closed = true;
    }
    if (files[1].revents != 0) accept_link();
  }
}

}  // namespace autoreply::test

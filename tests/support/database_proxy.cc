#include "support/database_proxy.h"

#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/loopback.h"
#include "support/postgres_wire.h"

namespace autoreply::test {
namespace {

constexpr std::size_t kReadBytes = 65'536;

void make_nonblocking(int socket) {
  fcntl(socket, F_SETFL, O_NONBLOCK);  // NOLINT(cppcoreguidelines-pro-type-vararg)
}

/// Appends the bytes that have arrived. Returns false at the end of the stream.
bool read_into(int socket, std::string& buffer) {
  std::array<char, kReadBytes> bytes{};
  for (;;) {
    const ssize_t count = recv(socket, bytes.data(), bytes.size(), 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    buffer.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

/// Sends as much as the peer takes. Returns false if the peer will never take more.
bool write_from(int socket, std::string& buffer) {
  while (!buffer.empty()) {
    const ssize_t count = send(socket, buffer.data(), buffer.size(), MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    buffer.erase(0, static_cast<std::size_t>(count));
  }
  return true;
}

void reset(int socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool begins_with(std::string_view statement, std::string_view word) {
  if (statement.size() < word.size()) return false;
  for (std::size_t index = 0; index < word.size(); ++index) {
    if (std::tolower(static_cast<unsigned char>(statement[index])) != word[index]) return false;
  }
  return true;
}

}  // namespace

/// A client's connection and our own to the server for it.
struct DatabaseProxy::Link {
  Link(int client_socket, int server_socket) : client(client_socket), server(server_socket) {}
  ~Link() {
    close(client);
    close(server);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  const int client;
  const int server;
  bool greeted = false;  ///< the client's first message was forwarded
  bool client_ended = false;
  bool server_ended = false;
  bool over = false;

  std::string from_client;  ///< an incomplete message
  std::string request;      ///< complete messages of an incomplete request
  std::string to_server;
  std::string from_server;
  std::string answer;  ///< complete messages of an incomplete answer
  std::string to_client;

  DatabaseRequest current;  ///< the request that is arriving or being served
  bool under_way = false;
};

DatabaseProxy::DatabaseProxy(const std::string& database_url)
    : listener_(listen_on_loopback()), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(database_url.c_str(), nullptr), PQconninfoFree);
  if (!options) throw std::runtime_error("the database's URL cannot be read");
  std::string user, database, password;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string keyword = option->keyword;
    if (keyword == "host") server_host_ = option->val;
    if (keyword == "port") server_port_ = option->val;
    if (keyword == "user") user = option->val;
    if (keyword == "password") password = std::string(":").append(option->val);
    if (keyword == "dbname") database = option->val;
  }
  url_ = fmt::format("postgresql://{}{}@127.0.0.1:{}/{}?sslmode=disable&gssencmode=disable",
                     user,
                     password,
                     local_port(listener_),
                     database);
  make_nonblocking(listener_);
  thread_ = std::thread([this] { serve(); });
}

DatabaseProxy::~DatabaseProxy() {
  ending_ = true;
  wake();
  thread_.join();
  close(listener_);
  close(wake_);
}

void DatabaseProxy::at(Moment moment, Matches matches, int number, Action action) {
  const std::lock_guard lock(mutex_);
  planned_.push_back({moment, std::move(matches), number, std::move(action)});
}

void DatabaseProxy::forget_actions() {
  const std::lock_guard lock(mutex_);
  planned_.clear();
}

void DatabaseProxy::cut() {
  cutting_ = true;
  wake();
}

void DatabaseProxy::set_silent(bool silent) {
  silent_ = silent;
  wake();
}

void DatabaseProxy::wake() const {
  eventfd_write(wake_, 1);
}

void DatabaseProxy::serve() {
  while (!ending_) {
    std::vector<pollfd> polled{{.fd = wake_, .events = POLLIN, .revents = 0},
                               {.fd = listener_, .events = POLLIN, .revents = 0}};
    const bool silent = silent_;
    for (const auto& link : links_) {
      // A closed end is always ready, so it is not polled again. A silent network does not report
      // the closing either.
      const auto events = [silent](bool ended, const std::string& out) {
        return static_cast<short>((ended ? 0 : POLLIN) | (out.empty() || silent ? 0 : POLLOUT));
      };
      const short client = events(link->client_ended, link->to_client);
      const short server = events(link->server_ended, link->to_server);
      polled.push_back({.fd = client == 0 ? -1 : link->client, .events = client, .revents = 0});
      polled.push_back({.fd = server == 0 ? -1 : link->server, .events = server, .revents = 0});
    }
    poll(polled.data(), polled.size(), -1);
    eventfd_t ignored = 0;
    if (polled[0].revents != 0) eventfd_read(wake_, &ignored);
    std::size_t next = 2;
    for (const auto& link : links_) {
      exchange(*link, polled[next].revents, polled[next + 1].revents);
      next += 2;
    }
    if (cutting_.exchange(false)) {
      for (const auto& link : links_) {
        reset(link->client);
        reset(link->server);
      }
      links_.clear();
    }
    links_.remove_if([](const auto& link) { return link->over; });
    if (polled[1].revents != 0) accept_client();
  }
}

void DatabaseProxy::accept_client() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (client < 0) return;
  const int server = connect_to(server_host_, server_port_);
  if (server < 0) {
    reset(client);
    close(client);
    return;
  }
  make_nonblocking(server);
  links_.push_back(std::make_unique<Link>(client, server));
}

void DatabaseProxy::exchange(Link& link, short client_events, short server_events) {
  constexpr int kReadable = POLLIN | POLLHUP | POLLERR;
  if ((client_events & kReadable) != 0 && !read_into(link.client, link.from_client)) {
    link.client_ended = true;
  }
  if ((server_events & kReadable) != 0 && !read_into(link.server, link.from_server)) {
    link.server_ended = true;
  }
  take_from_client(link);
  take_from_server(link);
  if (silent_ || link.over) return;
  if (!write_from(link.server, link.to_server)) link.over = true;
  if (!write_from(link.client, link.to_client)) link.over = true;
  if (link.client_ended && link.to_server.empty()) link.over = true;
  if (link.server_ended && link.to_client.empty()) link.over = true;
}

void DatabaseProxy::take_from_client(Link& link) {
  while (!link.over) {
    const auto message = next_message(link.from_client, !link.greeted);
    if (!message) return;
    const std::string_view statement = statement_of(*message);
    if (!statement.empty()) {
      if (begins_with(statement, "begin")) link.current.transaction.clear();
      link.current.statement = statement;
      link.current.transaction.append(statement).append("\n");
    }
    const bool whole = ends_request(*message);
    const bool part = continues_request(*message) || whole;
    (part ? link.request : link.to_server).append(link.from_client, 0, message->size);
    link.from_client.erase(0, message->size);
    link.greeted = true;
    if (whole) complete_request(link);
  }
}

void DatabaseProxy::complete_request(Link& link) {
  ++requests_;
  if (act(Moment::before, link.current) == Then::hang_up) {
    link.over = true;
    return;
  }
  link.under_way = true;
  link.to_server += std::exchange(link.request, {});
}

void DatabaseProxy::take_from_server(Link& link) {
  while (!link.over) {
    const auto message = next_message(link.from_server, false);
    if (!message) break;
    link.answer.append(link.from_server, 0, message->size);
    const bool ready = is_ready_for_query(*message);
    link.from_server.erase(0, message->size);
    if (link.under_way && !ready) continue;
    if (std::exchange(link.under_way, false) && act(Moment::after, link.current) == Then::hang_up) {
      link.over = true;
      return;
    }
    link.to_client += std::exchange(link.answer, {});
  }
  // The server's last messages are not followed by ReadyForQuery.
  if (link.server_ended) link.to_client += std::exchange(link.answer, {});
}

DatabaseProxy::Then DatabaseProxy::act(Moment moment, const DatabaseRequest& request) {
  std::vector<Action> due;
  {
    const std::lock_guard lock(mutex_);
    for (auto planned = planned_.begin(); planned != planned_.end();) {
      const bool now =
          planned->moment == moment && planned->matches(request) && --planned->left == 0;
      if (now) due.push_back(std::move(planned->action));
      planned = now ? planned_.erase(planned) : std::next(planned);
    }
  }
  Then then = Then::forward;
  for (const Action& action : due) {
    if (action() == Then::hang_up) then = Then::hang_up;
  }
  return then;
}

}  // namespace autoreply::test

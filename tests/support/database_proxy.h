#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace autoreply::test {

/// A client's request, up to the server's report that it is ready for the next one: a statement,
/// with everything that belongs to it if it has parameters, or all statements of one round trip.
struct DatabaseRequest {
  std::string statement;  ///< the last one
  /// The statements of its transaction so far in order, including this one.
  std::string transaction;

  [[nodiscard]] bool is_commit() const { return statement == "commit"; }
};

/// A TCP proxy on 127.0.0.1 in front of a PostgreSQL server. It understands enough of the protocol
/// (version 3, unencrypted) to act at an exact moment: before a request is forwarded to the server,
/// or after the server has answered and before the client sees the answer. During an action,
/// nothing is forwarded on any connection.
///
/// Serves from construction to destruction. Thread-safe. Actions run on the proxy's thread and may
/// call the proxy.
class DatabaseProxy final {
 public:
  enum class Moment { before, after };
  /// What happens to the current request or answer after an action.
  enum class Then { forward, hang_up };

  using Matches = std::function<bool(const DatabaseRequest&)>;
  using Action = std::function<Then()>;

  explicit DatabaseProxy(const std::string& database_url);
  ~DatabaseProxy();
  DatabaseProxy(const DatabaseProxy&) = delete;
  DatabaseProxy& operator=(const DatabaseProxy&) = delete;

  /// Returns the URL of the same database through the proxy.
  [[nodiscard]] const std::string& url() const { return url_; }

  /// Runs the action once, at the `number`th matching request from now on.
  void at(Moment moment, Matches matches, int number, Action action);
  /// Forgets all actions that have not run.
  void forget_actions();

  /// Keeps all connections open and accepts new ones but forwards nothing until `resume`, like a
  /// network that loses all packets.
  void go_silent() { set_silent(true); }
  void resume() { set_silent(false); }
  /// Resets all connections.
  void cut();

  /// Returns the number of requests that have arrived.
  [[nodiscard]] int requests() const { return requests_; }

 private:
  struct Link;
  struct Planned {
    Moment moment;
    Matches matches;
    int left;
    Action action;
  };

  void serve();
  void accept_client();
  void exchange(Link& link, short client_events, short server_events);
  void take_from_client(Link& link);
  void take_from_server(Link& link);
  void complete_request(Link& link);
  [[nodiscard]] Then act(Moment moment, const DatabaseRequest& request);
  void set_silent(bool silent);
  void wake() const;

  std::string server_host_;
  std::string server_port_;
  std::string url_;
  int listener_ = -1;
  int wake_ = -1;
  std::atomic<bool> silent_{false};
  std::atomic<bool> cutting_{false};
  std::atomic<bool> ending_{false};
  std::atomic<int> requests_{0};

  std::mutex mutex_;
  std::list<Planned> planned_;  ///< guarded by `mutex_`

  std::list<std::unique_ptr<Link>> links_;  ///< used by the thread only
  std::thread thread_;                      ///< last: uses everything above
};

}  // namespace autoreply::test

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

/// One request of a client: a statement and, where it has parameters, all that belongs to it, up to
/// the server's report that it is ready for the next.
struct DatabaseRequest {
  std::string statement;
  /// The statements of its transaction so far, its own among them, in order.
  std::string transaction;

  [[nodiscard]] bool is_commit() const { return statement == "commit"; }
};

/// A TCP proxy on 127.0.0.1 in front of a PostgreSQL server, which understands enough of the
/// protocol (version 3, unencrypted) to do something at an exact moment: before a request is
/// forwarded to the server, or after the server has answered it and before the client learns of
/// that. Meanwhile nothing is forwarded on any connection.
///
/// Serves from construction to destruction. Thread-safe; actions run on the proxy's thread and may
/// call it.
class DatabaseProxy final {
 public:
  enum class Moment { before, after };
  /// What happens to the request or the answer at hand when an action has ended.
  enum class Then { forward, hang_up };

  using Matches = std::function<bool(const DatabaseRequest&)>;
  using Action = std::function<Then()>;

  explicit DatabaseProxy(const std::string& database_url);
  ~DatabaseProxy();
  DatabaseProxy(const DatabaseProxy&) = delete;
  DatabaseProxy& operator=(const DatabaseProxy&) = delete;

  /// The same database through the proxy.
  [[nodiscard]] const std::string& url() const { return url_; }

  /// Does this once, at the `number`th request from now on that matches.
  void at(Moment moment, Matches matches, int number, Action action);
  /// Forgets all that has not been done.
  void forget_actions();

  /// Keeps all connections open and takes new ones, but forwards nothing until `resume`: to its
  /// peers, a network that swallows what they say.
  void go_silent() { set_silent(true); }
  void resume() { set_silent(false); }
  /// Resets all connections.
  void cut();

  /// Requests that arrived in all.
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

  std::list<std::unique_ptr<Link>> links_;  ///< of the thread alone
  std::thread thread_;                      ///< last: uses all of the above
};

}  // namespace autoreply::test

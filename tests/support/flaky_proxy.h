#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace autoreply::test {

/// Stands between the program and a PostgreSQL server on TCP and fails the way networks, poolers
/// and servers do. Supports no TLS. Thread-safe.
class FlakyProxy final {
 public:
  /// `server_url` must contain the server's address and port.
  explicit FlakyProxy(std::string server_url);
  ~FlakyProxy();
  FlakyProxy(const FlakyProxy&) = delete;
  FlakyProxy& operator=(const FlakyProxy&) = delete;

  /// Returns the server's URL through the proxy.
  [[nodiscard]] const std::string& url() const { return url_; }

  /// Closes all connections. New ones are served.
  void cut();
  /// Closes all connections, and new ones immediately.
  void refuse();
  /// Keeps all connections and accepts new ones but forwards nothing in either direction.
  void go_silent();
  /// Forwards again, including what arrived in the meantime.
  void resume();

  /// What happens to a statement.
  enum class Fate {
    pass,         ///< nothing; only the next rule begins to apply
    lose,         ///< the connection is cut before the server sees it
    refuse,       ///< the same, and all connections are refused until `resume`
    swallow,      ///< the server never sees it, and the connection stays silent
    lose_answer,  ///< the server executes it; the connection is cut instead of the answer
    hold_answer,  ///< the server executes it; the connection is silent until `resume`
  };
  /// Applies to the next statement that contains `text`, after all earlier rules were used.
  void on_statement(std::string text, Fate fate);
  /// Waits until all rules were used; a `hold_answer` counts once the server has answered. Returns
  /// false if that takes too long.
  [[nodiscard]] bool wait_until_done();

  /// Returns the number of connections so far.
  [[nodiscard]] std::size_t connections() const;
  /// Waits for this many connections. Returns false if that takes too long.
  [[nodiscard]] bool wait_for_connections(std::size_t count);

 private:
  struct Link;
  struct Rule {
    std::string text;
    Fate fate;
  };
  enum class Mode { serve, refuse, silent };

  void serve();
  void accept_link();
  bool move_bytes(Link& link, bool from_client);
  void wake();

  std::string url_;
  int server_port_ = 0;
  int listener_ = -1;
  int wake_file_ = -1;

  mutable std::mutex mutex_;  ///< guards everything below
  std::condition_variable changed_;
  Mode mode_ = Mode::serve;
  bool cut_ = false;
  bool closing_ = false;
  std::size_t connections_ = 0;
  std::deque<Rule> rules_;
  int held_answers_ = 0;  ///< still expected from the server
  std::list<Link> links_;

  std::thread thread_;
};

}  // namespace autoreply::test

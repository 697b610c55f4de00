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

/// Stands between the program and a PostgreSQL server on TCP and fails in the ways that networks,
/// poolers and servers do. Speaks no TLS. Thread-safe.
class FlakyProxy final {
 public:
  /// `server_url` names the server by address and port.
  explicit FlakyProxy(std::string server_url);
  ~FlakyProxy();
  FlakyProxy(const FlakyProxy&) = delete;
  FlakyProxy& operator=(const FlakyProxy&) = delete;

  /// The server's URL by way of the proxy.
  [[nodiscard]] const std::string& url() const { return url_; }

  /// Closes all connections; new ones are served.
  void cut();
  /// Closes all connections, and new ones at once.
  void refuse();
  /// Keeps all connections, takes new ones, and passes nothing on, either way.
  void go_silent();
  /// Passes on again, what came in the meantime too.
  void resume();

  /// What happens to a statement.
  enum class Fate {
    pass,         ///< nothing; it only lets the next rule begin
    lose,         ///< the connection is cut before the server sees it
    refuse,       ///< the same, and nobody is let in again until `resume`
    swallow,      ///< the server never sees it, and the connection is silent from there
    lose_answer,  ///< the server has done it; the connection is cut instead of its answer
    hold_answer,  ///< the server has done it; the connection is silent from there until `resume`
  };
  /// The next statement that contains `text`, after those of all earlier rules, meets this.
  void on_statement(std::string text, Fate fate);
  /// Whether all rules were used before the patience was over; a `hold_answer` counts when the
  /// server has answered.
  [[nodiscard]] bool wait_until_done();

  /// How many connections there have been.
  [[nodiscard]] std::size_t connections() const;
  /// Whether there were so many before the patience was over.
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

  mutable std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  Mode mode_ = Mode::serve;
  bool cut_ = false;
  bool closing_ = false;
  std::size_t connections_ = 0;
  std::deque<Rule> rules_;
  int held_answers_ = 0;  ///< that are still to come from the server
  std::list<Link> links_;

  std::thread thread_;
};

}  // namespace autoreply::test

#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace autoreply::test {

/// What the server does with a request after reading all of it.
struct Scripted {
  enum class Then {
    keep,     ///< leaves the connection open for the next request
    close,    ///< closes it
    trickle,  ///< sends a byte of white space every few milliseconds, forever
    hang,     ///< sends nothing more, forever
  };

  std::string bytes;  ///< sent unchanged; may be empty
  Then then = Then::keep;
};

/// Returns an answer with a correct Content-Length. `headers` are complete lines with CRLF.
[[nodiscard]] Scripted answer(int status, std::string_view body, std::string_view headers = "");

/// A raw server on 127.0.0.1 that follows a script, whatever the request is. The n-th request
/// across all connections gets the n-th step, and the last step repeats. Uses one thread per
/// connection.
class ScriptedServer final {
 public:
  explicit ScriptedServer(std::vector<Scripted> script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(std::string_view path = "/") const;

  /// Returns the complete requests so far, headers and body.
  [[nodiscard]] std::vector<std::string> requests() const;
  [[nodiscard]] std::size_t connections() const;

 private:
  void accept_all();
  void serve(int connection);
  Scripted next_step(std::string request);

  std::vector<Scripted> script_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;  ///< guards everything below
  bool closing_ = false;
  std::vector<std::string> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace autoreply::test

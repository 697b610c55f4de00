#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace autoreply::test {

/// A name server on 127.0.0.1, port 53, whose answers may change from one question to the next.
/// Thread-safe.
class NameServer final {
 public:
  NameServer();
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  /// What a name leads to: IPv4 and IPv6 addresses, for one question of each kind.
  using Addresses = std::vector<std::string>;
  /// Answers questions about a name with these addresses in turn; the last ones stay.
  void answer(const std::string& name, std::vector<Addresses> in_turn);

 private:
  struct Name {
    std::vector<Addresses> in_turn;
    std::map<int, std::size_t> asked;  ///< questions by their type
  };

  void serve();
  [[nodiscard]] std::string answer_to(std::string_view question);

  int socket_ = -1;
  std::mutex mutex_;  // guards names_
  std::map<std::string, Name> names_;
  std::thread server_;
};

}  // namespace autoreply::test

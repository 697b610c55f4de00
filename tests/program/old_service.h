#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace autoreply::test {

/// The service that autoreply replaces, still at work on the host's tables. It inserts entries,
/// takes some, and finishes them, statement after statement, until it is destroyed.
class OldService final {
 public:
  explicit OldService(const std::string& url);

  /// Waits until it has done `rounds` more rounds. Returns false if they take too long.
  [[nodiscard]] bool wait_for_rounds(int rounds) const;
  /// Ends it. Returns what went wrong; empty if nothing did.
  [[nodiscard]] std::string stop();
  [[nodiscard]] std::chrono::milliseconds longest_statement() const { return longest_.load(); }

 private:
  void work(const std::string& url, const std::stop_token& end);

  std::atomic<int> rounds_{0};
  std::atomic<std::chrono::milliseconds> longest_{std::chrono::milliseconds{0}};
  std::string trouble_;  ///< read after the thread has ended
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace autoreply::test

#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace autoreply {

/// Shows how far a long command is, its rate, and the time that is left. Rewrites one line on
/// standard error, and only on a terminal. One thread at a time.
class Progress final {
 public:
  /// `total` 0: not known.
  Progress(std::string what, std::int64_t total);
  /// Clears the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t done);

  /// Whether standard error is a terminal.
  [[nodiscard]] static bool is_visible();

  /// The line after `elapsed`. Pure.
  [[nodiscard]] static std::string line(const std::string& what,
                                        std::int64_t done,
                                        std::int64_t total,
                                        std::chrono::milliseconds elapsed);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const std::int64_t total_;
  const bool visible_;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point shown_at_;
};

}  // namespace autoreply

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/output.h"

namespace autoreply {

/// Shows how far a long command is, its rate, and the time that is left. Rewrites one line on
/// standard error, and only on a terminal. A terminal that takes no output holds nothing up. One
/// thread at a time.
class Progress final {
 public:
  /// `total` 0: not known.
  explicit Progress(std::string what, std::int64_t total = 0);
  /// Clears the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::int64_t done);
  /// The same, once the total is known or has changed.
  void show(std::int64_t done, std::int64_t total);

  /// Whether standard error is a terminal.
  [[nodiscard]] static bool is_visible();

  /// The line, in at most `columns`. `rate`: per second; empty: not known yet. Pure.
  [[nodiscard]] static std::string line(const std::string& what,
                                        std::int64_t done,
                                        std::int64_t total,
                                        std::optional<double> rate,
                                        std::size_t columns);

 private:
  using Clock = std::chrono::steady_clock;

  void print(const std::string& text) const;

  const std::string what_;
  std::int64_t total_;
  const bool visible_;
  const PatientWriter terminal_;
  // The rate counts from the first call.
  std::optional<std::int64_t> first_done_;
  Clock::time_point first_at_;
  Clock::time_point shown_at_;
};

}  // namespace autoreply

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/output.h"

namespace autoreply {

/// Whole lines to a descriptor, for a log that must never hold up the work. One thread at a time.
///
/// A reader that falls behind is waited for, a second at once and a tenth of the time at most;
/// after that, lines are dropped until there is room again. How many were dropped is then said in a
/// line of its own, at the latest with `finish`.
class LineWriter final {
 public:
  /// Makes the line that tells of so many dropped ones.
  using Notice = std::function<std::string(std::size_t dropped)>;

  LineWriter(int fd, Notice notice);

  /// `line` ends in a line feed.
  void write(std::string_view line);
  /// Says what is still to be said.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] bool write_line(std::string_view line);
  [[nodiscard]] bool write_notice();
  [[nodiscard]] std::size_t write_in_time(std::string_view text);

  PatientWriter out_;
  Notice notice_;
  std::chrono::milliseconds patience_;
  Clock::time_point last_ = Clock::now();
  std::size_t dropped_ = 0;
  bool stalled_ = false;  ///< the last line was dropped: nobody waits again for this reader
  bool torn_ = false;     ///< the last line was cut short
};

}  // namespace autoreply

#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/output.h"

namespace autoreply {

/// Writes whole lines to a descriptor, for a log that must never hold up the work. Only one thread
/// may use it at a time.
///
/// Waits for a slow reader, but at most one second at once and a tenth of the time overall. After
/// that it drops lines until the reader has caught up. It then writes a line that says how many
/// were dropped, at the latest in `finish`.
class LineWriter final {
 public:
  /// Returns the line that reports `dropped` lost lines.
  using Notice = std::function<std::string(std::size_t dropped)>;

  LineWriter(int fd, Notice notice);

  /// `line` must end with a line feed.
  void write(std::string_view line);
  /// Reports the dropped lines that no notice has reported yet.
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
  bool stalled_ = false;  ///< the last write fell short, so the next one does not wait
  bool torn_ = false;     ///< the last line was cut short
};

}  // namespace autoreply

#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace autoreply {

/// Opens /dev/null in place of a closed standard input, output or error. Otherwise a file or socket
/// opened later could take its number and receive our log. Call this first in main.
void open_standard_streams();

/// Writes to a descriptor whose reader may be stuck or gone, and never waits longer than allowed.
/// Only one thread may use it at a time.
///
/// Other processes may share the descriptor, so its flags stay unchanged: a pipe or a terminal is
/// opened a second time for our own use.
class PatientWriter final {
 public:
  explicit PatientWriter(int fd);
  ~PatientWriter();
  PatientWriter(const PatientWriter&) = delete;
  PatientWriter& operator=(const PatientWriter&) = delete;

  /// Returns how many bytes of `text` were written: fewer than all if the reader takes no more
  /// within `patience` or the descriptor cannot be written. Never throws. The process must ignore
  /// SIGPIPE.
  [[nodiscard]] std::size_t write(std::string_view text,
                                  std::chrono::milliseconds patience) const noexcept;

 private:
  [[nodiscard]] long write_some(std::string_view text) const noexcept;

  int fd_;
  bool own_ = false;
  bool socket_ = false;
};

/// Prints to standard output. Gives up after a few seconds and reports that on standard error: a
/// stuck reader does not change what the program did.
void print_out(std::string_view text) noexcept;

/// What a terminal obeys: go to the beginning of the line, and clear it.
inline constexpr std::string_view kClearLine = "\r\x1b[K";

/// Prints to standard error. Gives up after a few seconds and reports nothing.
void print_error(std::string_view text) noexcept;

}  // namespace autoreply

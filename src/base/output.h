#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace autoreply {

/// Opens /dev/null wherever standard input, output or error is closed, so that no file or socket
/// opened later takes their place and finds our log in it. Call first in main.
void open_standard_streams();

/// Writes to a descriptor whose reader may have stopped reading, or have gone, without ever waiting
/// longer than it is told. One thread at a time.
///
/// The descriptor may be shared with other processes, so its flags stay as they are: a pipe or a
/// terminal is opened once more for ourselves.
class PatientWriter final {
 public:
  explicit PatientWriter(int fd);
  ~PatientWriter();
  PatientWriter(const PatientWriter&) = delete;
  PatientWriter& operator=(const PatientWriter&) = delete;

  /// Returns how many bytes of `text` were taken; fewer than all when the reader takes no more
  /// within `patience` or the descriptor cannot be written. Never raises, never throws.
  [[nodiscard]] std::size_t write(std::string_view text,
                                  std::chrono::milliseconds patience) const noexcept;

 private:
  [[nodiscard]] long write_some(std::string_view text) const noexcept;

  int fd_;
  bool own_ = false;
  bool socket_ = false;
};

/// Prints on standard output. What cannot be written within a few seconds is given up, with a line
/// on standard error: no reader changes what the program did.
void print_out(std::string_view text) noexcept;

/// Likewise on standard error, without a word.
void print_error(std::string_view text) noexcept;

}  // namespace autoreply

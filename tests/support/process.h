#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace autoreply::test {

/// The process to start. It gets only the search path, the time zone, the temporary directory and
/// the sanitizers' options from our environment, and an empty standard input.
struct Command {
  std::vector<std::string> arguments;
  std::vector<std::string> environment{};  ///< "NAME=value"
  std::string program = AUTOREPLY_PROGRAM;
  std::string directory{};            ///< to run in; empty: our own
  std::optional<std::string> user{};  ///< to run as, if we may choose
};

/// How a process ended, its output and the resources that it used.
struct Exit {
  std::optional<int> status;  ///< empty when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
  std::chrono::milliseconds wall{0};  ///< from the start to the end
  long peak_rss_kib = 0;
  std::chrono::microseconds cpu{0};
};

/// A process that the test starts without a shell. It dies with the thread that started it or with
/// this object, whichever ends first. Only one thread may use it at a time.
class Process final {
 public:
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void send(int signal) const;

  /// Waits for the end. A process that exceeds the bound is killed and fails the test.
  [[nodiscard]] Exit wait(std::chrono::milliseconds bound = kBound);

  /// Same, but sends the signal repeatedly until the end.
  [[nodiscard]] Exit wait_sending(int signal, std::chrono::milliseconds pause);

  /// Returns its standard output so far.
  [[nodiscard]] std::string output() const;

  static constexpr std::chrono::milliseconds kBound{120'000};

 private:
  pid_t pid_ = -1;  ///< -1 after the process was reaped
  int pid_fd_ = -1;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  int out_ = -1;  ///< files in memory, so no pipe can fill up
  int err_ = -1;
};

/// Starts the process and waits for its end.
[[nodiscard]] Exit run_to_end(const Command& command);

}  // namespace autoreply::test

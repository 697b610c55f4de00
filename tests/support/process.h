#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace autoreply::test {

/// What to start. The new process sees nothing of our environment but the search path, the time
/// zone and the sanitizers' options; its standard input is empty.
struct Command {
  std::vector<std::string> arguments;
  std::vector<std::string> environment{};  ///< "NAME=value"
  std::string program = AUTOREPLY_PROGRAM;
  std::string directory{};            ///< to run in; empty: ours
  std::optional<std::string> user{};  ///< to run as, where we may choose
};

/// How a process ended, and what it said and took.
struct Exit {
  std::optional<int> status;  ///< empty when a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
  std::chrono::milliseconds wall{0};  ///< from the start to the end
  long peak_rss_kib = 0;
  std::chrono::microseconds cpu{0};
};

/// A process started by the test, without a shell. It dies with the thread that started it, and at
/// the latest with this object. One thread at a time.
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

  /// Waits for the end. A process that outlives the bound is killed and fails the test.
  [[nodiscard]] Exit wait(std::chrono::milliseconds bound = kBound);

  /// Likewise, and sends the signal again and again until then.
  [[nodiscard]] Exit wait_sending(int signal, std::chrono::milliseconds pause);

  /// What it has written to standard output so far.
  [[nodiscard]] std::string output() const;

  static constexpr std::chrono::milliseconds kBound{120'000};

 private:
  pid_t pid_ = -1;  ///< -1 once the process was reaped
  int pid_fd_ = -1;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  int out_ = -1;  ///< files in memory, so that nobody needs to empty a pipe
  int err_ = -1;
};

/// Starts the process and waits for its end.
[[nodiscard]] Exit run_to_end(const Command& command);

}  // namespace autoreply::test

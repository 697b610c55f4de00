#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include <sys/types.h>

namespace autoreply::test {

/// A process that another thread kills or stops at a moment of its choice, perhaps before the
/// starter knows the process's id. Thread-safe.
class Victim final {
 public:
  /// Forgets the last process. From now on `kill` and `stop` wait for the next one.
  void expect();
  void born(pid_t pid);
  /// The process has been reaped, so its id means nothing any more.
  void buried();

  /// Kills it with SIGKILL and returns when it no longer runs. Does nothing if it is buried.
  void kill();
  /// Stops it with SIGSTOP and returns when all its threads have stopped.
  void stop();

 private:
  /// Waits until the process is born and returns its id; 0 if it is buried.
  [[nodiscard]] pid_t wait_for_birth();

  std::mutex mutex_;
  std::condition_variable changed_;
  pid_t pid_ = 0;
  bool expected_ = false;
};

}  // namespace autoreply::test

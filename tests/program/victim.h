#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include <sys/types.h>

namespace autoreply::test {

/// A process that is to die, or to stand still, at a moment that another thread chooses, perhaps
/// before its starter knows its id. Thread-safe.
class Victim final {
 public:
  /// Forgets the last one; the next may be chosen from now on.
  void expect();
  void born(pid_t pid);
  /// From now on its id means nothing.
  void buried();

  /// Kills it with SIGKILL and returns when it runs no more. Without effect on one that is buried.
  void kill();
  /// Stops it with SIGSTOP and returns when all its threads stand still.
  void stop();

 private:
  /// The id once it is born; 0 when it is buried.
  [[nodiscard]] pid_t wait_for_birth();

  std::mutex mutex_;
  std::condition_variable changed_;
  pid_t pid_ = 0;
  bool expected_ = false;
};

}  // namespace autoreply::test

#pragma once

#include <chrono>

namespace autoreply {

/// How a session waits for other writers of its file: `kLongestWait` at most. SQLite's own way asks
/// less often the longer it waits, so a session that has just come takes the lock before one that
/// has waited for seconds. Here the sessions that have waited longest ask most often.
class WaitForLock final {
 public:
  static constexpr std::chrono::milliseconds kLongestWait{5'000};

  /// A handler for sqlite3_busy_handler; `self` is the object. SQLite gives it the number of its
  /// earlier calls for the same lock. Returns 0 to give up.
  static int handle(void* self, int earlier);

  /// If not patient, it gives up at once. Patient at first.
  void set_patient(bool patient) { patient_ = patient; }

 private:
  [[nodiscard]] bool wait(int earlier);

  bool patient_ = true;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace autoreply

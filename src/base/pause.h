#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace autoreply {

/// Waits, but returns at once if `stop` is requested.
inline void pause_unless_stopped(std::chrono::steady_clock::duration duration,
                                 const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, duration, [] { return false; });
}

}  // namespace autoreply

#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

namespace autoreply {

/// How a run is told to end: SIGTERM, SIGINT, or its own `max_time`.
///
/// The first signal requests `stopping`: nothing more is claimed or started. `break_off` follows
/// after `grace`, or at once with a second signal: HTTP calls are broken off. Reaching `max_time`
/// requests `stopping` only; what has started may take its time. Signals are taken by one thread
/// with sigtimedwait; `block_stop_signals` must have been called before the first thread was made,
/// so that a signal during start-up waits its turn. All functions may be called by any thread.
class StopSignal final {
 public:
  /// `max_time` 0 means no limit.
  StopSignal(std::chrono::milliseconds grace, std::chrono::milliseconds max_time);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token stopping() const { return stopping_.get_token(); }
  [[nodiscard]] std::stop_token break_off() const { return break_off_.get_token(); }

  /// Has nothing more claimed or started, as `max_time` does.
  void stop() { stopping_.request_stop(); }
  /// Ends everything at once, as a second signal does: nothing that is under way could be kept.
  void end();

  /// Whether something that takes up to `duration` may begin without being broken off.
  [[nodiscard]] bool leaves_time_for(std::chrono::milliseconds duration) const;

 private:
  using Clock = std::chrono::steady_clock;

  void wait_for_signals(Clock::time_point started, const std::stop_token& end);

  const std::chrono::milliseconds grace_;
  const std::chrono::milliseconds max_time_;
  std::stop_source stopping_;
  std::stop_source break_off_;
  std::atomic<Clock::duration> break_off_at_{Clock::duration::max()};
  std::jthread thread_;  // last: it uses all of the above
};

/// Blocks the signals that `StopSignal` takes, for the calling thread and all that it makes, and
/// ignores SIGPIPE. Call first in main.
void block_stop_signals();

}  // namespace autoreply

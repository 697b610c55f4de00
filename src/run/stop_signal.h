#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <stop_token>
#include <thread>

namespace autoreply {

/// How a run is told to end: SIGTERM, SIGINT, SIGHUP (where it is not ignored, as under nohup), or
/// its own `max_time`.
///
/// The first signal requests `stopping`: nothing more is claimed or started. `break_off` follows
/// after `grace`, or at once with a second signal: HTTP calls are broken off. Reaching `max_time`
/// requests `stopping` only; what has started may take its time.
///
/// Two ends of the process come from here, with the status for "try again". Before `begin_work`
/// nothing can be lost: where the start-up does not heed a signal within a second, it is ended. And
/// a signal that comes 5 s or more after `break_off` means that even settling hangs: what is not
/// settled by then is left to the leases.
///
/// Signals are taken by one thread with sigtimedwait. Make this before any other thread, so that
/// all of them have the signals blocked; they stay blocked afterwards, so that nothing cuts the
/// summary short. All functions may be called by any thread.
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
  /// From here on there is something to lose: a signal waits for `break_off`.
  void begin_work();

  /// Whether something that takes up to `duration` may begin without being broken off.
  [[nodiscard]] bool leaves_time_for(std::chrono::milliseconds duration) const;

 private:
  using Clock = std::chrono::steady_clock;

  void wait_for_signals(Clock::time_point started, const std::stop_token& end);
  void end_idle_process();

  const std::chrono::milliseconds grace_;
  const std::chrono::milliseconds max_time_;
  std::mutex ending_;  ///< guards `working_`; held for good by the thread that ends the process
  bool working_ = false;
  std::stop_source stopping_;
  std::stop_source break_off_;
  std::atomic<Clock::duration> break_off_at_{Clock::duration::max()};
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace autoreply

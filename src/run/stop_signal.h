#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <stop_token>
#include <thread>

namespace autoreply {

/// Tells a run to end. The causes are SIGTERM, SIGINT, SIGHUP (unless it is ignored, as under
/// nohup) and the run's own `max_time`.
///
/// The first signal requests `stopping`: no more jobs are claimed or started. `break_off` follows
/// after `grace`, or at once if a second signal comes: HTTP calls are broken off. `max_time` only
/// requests `stopping`, so started jobs may finish.
///
/// In two cases this class ends the process itself, with the status for "try again". Before
/// `begin_work` there is nothing to lose, so it ends a start-up that does not react to a signal
/// within a second. A signal that comes 5 s or more after `break_off` means that even settling
/// hangs. Then the leases of unsettled jobs run out.
///
/// One thread takes the signals with sigtimedwait. Make this object before any other thread,
/// because every thread must inherit the blocked signals. They stay blocked after the run, so a
/// signal cannot cut the summary short. Any thread may call any function.
class StopSignal final {
 public:
  /// `max_time` 0 means no limit.
  StopSignal(std::chrono::milliseconds grace, std::chrono::milliseconds max_time);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token stopping() const { return stopping_.get_token(); }
  [[nodiscard]] std::stop_token break_off() const { return break_off_.get_token(); }

  /// Requests `stopping`, as `max_time` does.
  void stop() { stopping_.request_stop(); }
  /// Requests `stopping` and `break_off`, as a second signal does. For use if results of running
  /// jobs could not be kept.
  void end();
  /// From here on there is something to lose, so a slow reaction no longer ends the process.
  void begin_work();

  /// Whether a call that takes up to `duration` would end before `break_off`.
  [[nodiscard]] bool leaves_time_for(std::chrono::milliseconds duration) const;

 private:
  using Clock = std::chrono::steady_clock;

  void wait_for_signals(Clock::time_point started, const std::stop_token& end);
  void end_idle_process();

  const std::chrono::milliseconds grace_;
  const std::chrono::milliseconds max_time_;
  std::mutex ending_;  ///< guards `working_`; stays locked while the process ends
  bool working_ = false;
  std::stop_source stopping_;
  std::stop_source break_off_;
  std::atomic<Clock::duration> break_off_at_{Clock::duration::max()};
  std::jthread thread_;  // last, because it uses all of the above
};

}  // namespace autoreply

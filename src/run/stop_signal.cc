#include "run/stop_signal.h"

#include <algorithm>
#include <csignal>
#include <ctime>

#include <pthread.h>

namespace autoreply {
namespace {

/// Wakes the signal thread when the run has ended; nobody else sends it to this thread.
constexpr int kWakeUp = SIGUSR1;
constexpr std::chrono::hours kForever{24};

sigset_t taken_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, kWakeUp);
  return signals;
}

timespec to_timespec(std::chrono::nanoseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = static_cast<std::time_t>(seconds.count()),
          .tv_nsec = static_cast<long>((duration - seconds).count())};
}

}  // namespace

void block_stop_signals() {
  const sigset_t signals = taken_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

StopSignal::StopSignal(std::chrono::milliseconds grace, std::chrono::milliseconds max_time)
    : grace_(grace),
      max_time_(max_time),
      thread_([this](const std::stop_token& end) { wait_for_signals(Clock::now(), end); }) {
}

StopSignal::~StopSignal() {
  thread_.request_stop();
  pthread_kill(thread_.native_handle(), kWakeUp);
}

void StopSignal::end() {
  break_off_at_.store(Clock::now().time_since_epoch());
  stopping_.request_stop();
  break_off_.request_stop();
}

bool StopSignal::leaves_time_for(std::chrono::milliseconds duration) const {
  const Clock::duration break_off_at = break_off_at_.load();
  if (break_off_at == Clock::duration::max()) return true;
  return Clock::now().time_since_epoch() + duration <= break_off_at;
}

void StopSignal::wait_for_signals(Clock::time_point started, const std::stop_token& end) {
  const sigset_t signals = taken_signals();
  const Clock::time_point last_start =
      max_time_.count() > 0 ? started + max_time_ : Clock::time_point::max();
  Clock::time_point break_off_at = Clock::time_point::max();
  while (!end.stop_requested()) {
    const Clock::time_point now = Clock::now();
    if (now >= last_start) stopping_.request_stop();
    if (now >= break_off_at) break_off_.request_stop();

    Clock::time_point next = now + kForever;
    if (!stopping_.stop_requested()) next = std::min(next, last_start);
    if (!break_off_.stop_requested()) next = std::min(next, break_off_at);
    const timespec timeout = to_timespec(next - now);
    const int signal = sigtimedwait(&signals, nullptr, &timeout);
    if (signal != SIGTERM && signal != SIGINT) continue;

    const bool second = break_off_at != Clock::time_point::max();
    break_off_at = second ? Clock::now() : Clock::now() + grace_;
    break_off_at_.store(break_off_at.time_since_epoch());
    stopping_.request_stop();
  }
}

}  // namespace autoreply

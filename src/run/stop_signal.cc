#include "run/stop_signal.h"

#include <algorithm>
#include <csignal>
#include <ctime>

#include <pthread.h>
#include <unistd.h>

#include "base/output.h"
#include "run/exit_status.h"

namespace autoreply {
namespace {

/// Wakes the signal thread when the run has ended. From another process it has no effect.
constexpr int kWakeUp = SIGUSR1;
constexpr std::chrono::hours kForever{24};
/// How long a start-up may take to react to a stop.
constexpr std::chrono::seconds kStartUpPatience{1};
/// How long settling may take after `break_off` before a signal ends the process.
constexpr std::chrono::seconds kSettlePatience{5};

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t taken_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (!is_ignored(SIGHUP)) sigaddset(&signals, SIGHUP);
  sigaddset(&signals, kWakeUp);
  return signals;
}

timespec to_timespec(std::chrono::nanoseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = static_cast<std::time_t>(seconds.count()),
          .tv_nsec = static_cast<long>((duration - seconds).count())};
}

/// Blocks them in the calling thread and in all threads that it makes.
void block_stop_signals() {
  const sigset_t signals = taken_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

[[noreturn]] void end_process(const char* reason) {
  print_error(reason);
  // Runs no destructors, because they would wait for a thread that hangs.
  _exit(static_cast<int>(ExitStatus::retry));
}

}  // namespace

StopSignal::StopSignal(std::chrono::milliseconds grace, std::chrono::milliseconds max_time)
    : grace_(grace), max_time_(max_time) {
  block_stop_signals();
  thread_ = std::jthread([this, started = Clock::now()](const std::stop_token& end) {
    wait_for_signals(started, end);
  });
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

void StopSignal::begin_work() {
  const std::scoped_lock lock(ending_);
  working_ = true;
}

void StopSignal::end_idle_process() {
  const std::scoped_lock lock(ending_);
  if (working_) return;
  end_process("autoreply: stopped before anything was claimed\n");
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
  constexpr Clock::time_point kNever = Clock::time_point::max();
  Clock::time_point end_idle_at = kNever;
  while (!end.stop_requested()) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point break_off_at{break_off_at_.load()};
    if (now >= last_start) stopping_.request_stop();
    if (now >= break_off_at) break_off_.request_stop();
    if (now >= end_idle_at) {
      end_idle_process();
      end_idle_at = kNever;
    }

    Clock::time_point next = std::min(now + kForever, end_idle_at);
    if (!stopping_.stop_requested()) next = std::min(next, last_start);
    if (!break_off_.stop_requested()) next = std::min(next, break_off_at);
    const timespec timeout = to_timespec(next - now);
    const int signal = sigtimedwait(&signals, nullptr, &timeout);
    if (signal < 0 || signal == kWakeUp) continue;

    const Clock::time_point taken = Clock::now();
    const Clock::time_point planned{break_off_at_.load()};
    if (break_off_.stop_requested()) {
      if (taken < planned + kSettlePatience) continue;
      end_process("autoreply: stopped before everything was settled; the leases will run out\n");
    }
    const bool second = planned != kNever;
    end_idle_at = second ? taken : taken + kStartUpPatience;
    break_off_at_.store((second ? taken : taken + grace_).time_since_epoch());
    stopping_.request_stop();
  }
}

}  // namespace autoreply

#pragma once

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clocks.h"
#include "base/task.h"

namespace autoreply {

/// What a descriptor is ready for, or what is asked about it.
struct Readiness {
  bool read = false;
  bool write = false;
  bool error = false;  ///< or the other side has hung up; told even if it was not asked

  bool operator==(const Readiness&) const = default;
};

/// Takes what a loop tells of descriptors and of the time, in the loop's thread. Must not throw.
class LoopListener {
 public:
  LoopListener() = default;
  virtual ~LoopListener() = default;
  LoopListener(const LoopListener&) = delete;
  LoopListener& operator=(const LoopListener&) = delete;

  /// May come once more after the loop has let go of a descriptor, and then concerns its successor.
  virtual void on_ready(int descriptor, Readiness ready) = 0;
  virtual void on_time() = 0;
};

/// Runs coroutines in one thread. It does a step whenever another thread posts one, a descriptor is
/// ready or a time has come, and sleeps in between.
///
/// Any thread may call `post`, `end`, `step_under_way` and `longest_step`. All else belongs to the
/// loop's thread: the one that calls `run`, or that uses the loop before.
class Loop final {
 public:
  using Clock = std::chrono::steady_clock;
  /// Must not throw. If it waits, all that the loop serves waits.
  using Step = std::function<void()>;

  /// Throws std::system_error if the process lacks descriptors: a loop has two.
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// The loop that runs in this thread. There must be one.
  [[nodiscard]] static Loop& current();

  /// Has the loop do a step. Steps are done in the order in which they are posted.
  void post(Step step);
  /// Has the loop resume a coroutine.
  void resume(std::coroutine_handle<> coroutine) {
    post([coroutine] { coroutine.resume(); });
  }

  /// Does steps until `end` is called, and those that were posted before.
  void run();
  void end();

  /// Runs until the task is done. Returns its value or throws what ended it.
  template <class T>
  T run(Task<T> task);

  /// From now on, `listener` is told when the descriptor is ready. A second call for the same
  /// descriptor replaces the first. Returns false if the machine cannot watch another one.
  [[nodiscard]] bool watch(int descriptor, Readiness wanted, LoopListener& listener);
  /// Stops that. Call it before the descriptor is closed.
  void let_go(int descriptor);
  /// Sets the next time at which the listener is called; empty: never.
  void set_time(LoopListener& listener, std::optional<Clock::time_point> at);
  /// Forgets all that was asked for the listener, which may now go.
  void forget(const LoopListener& listener);

  /// The number of the step that is being done; 0: the loop sleeps.
  [[nodiscard]] std::uint64_t step_under_way() const { return under_way_.load(); }
  /// How long the longest step so far kept the processor. Time that it waited for one is left out,
  /// as far as that can be told without a look at two clocks for each step.
  [[nodiscard]] Clock::duration longest_step() const { return longest_.load(); }

 private:
  template <class T>
  static Task<T> end_after(Loop& loop, Task<T> task);
  template <class Work>
  void do_step(const Work& work);
  void note_if_longest(Clock::duration took);
  void do_posted();
  void wait_and_tell();
  void tell_times();
  [[nodiscard]] int milliseconds_to_sleep() const;

  std::mutex mutex_;  // guards posted_ and sleeps_
  std::vector<Step> posted_;
  bool sleeps_ = false;  ///< or is about to, and has seen no step
  std::vector<Step> doing_;
  bool ended_ = false;
  std::unordered_map<int, LoopListener*> watched_;
  std::map<LoopListener*, Clock::time_point> times_;
  std::uint64_t steps_ = 0;
  ThreadClock::time_point looked_at_{};  ///< in this turn, before this step
  std::atomic<std::uint64_t> under_way_{0};
  std::atomic<Clock::duration> longest_{Clock::duration{0}};
  int epoll_ = -1;
  int wake_ = -1;  ///< an eventfd
};

template <class T>
Task<T> Loop::end_after(Loop& loop, Task<T> task) {
  struct End {
    Loop& loop;
    ~End() { loop.end(); }
  };
  const End end{loop};
  co_return co_await std::move(task);
}

template <class T>
T Loop::run(Task<T> task) {
  Task<T> whole = end_after(*this, std::move(task));
  post([&whole] { whole.start(); });
  run();
  return whole.take();
}

}  // namespace autoreply

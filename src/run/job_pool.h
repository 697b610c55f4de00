#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/loop.h"
#include "base/task.h"
#include "job/job.h"
#include "run/job_queue.h"
#include "run/loop_watch.h"

namespace autoreply {

/// The job counts of a pool.
struct PoolLoad {
  std::size_t unstarted = 0;  ///< added, not begun
  std::size_t held_up = 0;    ///< how many of those `JobQueue` holds back now
  std::size_t running = 0;    ///< begun, not settled
  std::size_t finished = 0;   ///< settled since the pool was made
  std::size_t in_hand = 0;    ///< begun, and the attempt has not ended; settled or not
};

/// The size of a pool.
struct PoolSize {
  std::size_t jobs = 1;     ///< in flight at once
  std::size_t threads = 1;  ///< that drive them

  /// The most jobs in flight on one of `made` threads: all have an equal share.
  [[nodiscard]] std::size_t share_of(std::size_t made) const { return (jobs + made - 1) / made; }
};

/// Processes claimed jobs, a bounded number at once, in the order of `JobQueue`. Each thread runs a
/// loop, and each job is a coroutine that stays on its loop.
///
/// The next job begins while the last one is being settled. At most as many jobs again as may be in
/// flight may be unsettled.
///
/// The pool makes a thread only when there is a job for it, so a run without work makes none. If
/// the machine provides no more threads, the existing ones do the work. Only the run's main thread
/// may call `add`, `wait` and `take_unstarted`. After `stopping` is requested, no more jobs begin.
/// The destructor begins none either, and waits until those that have begun are settled.
class JobPool final {
 public:
  /// Makes an attempt at a job and returns how its call to the provider ended. Must not throw, and
  /// must not wait but by `co_await`. The job outlives the task.
  using Attempt = std::function<Task<CallEnd>(const ClaimedJob&)>;
  /// Makes the function of one loop, in its thread.
  using AttemptMaker = std::function<Attempt(Loop&)>;

  /// `watch` gets the loops, and must outlive the pool.
  JobPool(PoolSize size, AttemptMaker make_attempt, std::stop_token stopping, LoopWatch& watch);
  ~JobPool();
  JobPool(const JobPool&) = delete;
  JobPool& operator=(const JobPool&) = delete;

  /// Throws std::system_error if the pool has no thread and cannot make one.
  void add(std::vector<ClaimedJob> jobs);

  /// Waits until `enough` returns true or `timeout` has passed. Returns the load at that time. Any
  /// thread may call `enough`, one at a time.
  PoolLoad wait(std::chrono::milliseconds timeout,
                const std::function<bool(const PoolLoad&)>& enough);

  /// The same without a timeout.
  PoolLoad wait(const std::function<bool(const PoolLoad&)>& enough);

  /// Notes that one more job that has begun is settled. Any thread may call it.
  void note_settled();

  /// Removes and returns the jobs that have not begun.
  [[nodiscard]] std::vector<ClaimedJob> take_unstarted();

  [[nodiscard]] PoolLoad load() const;

 private:
  /// A thread with its loop.
  struct Driver {
    Loop loop;
    Attempt attempt{};
    std::size_t running = 0;
    bool is_asked = false;  ///< to begin jobs
    std::jthread thread{};  ///< last, because it uses all of the above
  };

  void make_drivers(std::size_t wanted);
  void drive(Driver& driver);
  void begin_jobs(Driver& driver);
  Detached process(Driver& driver, JobQueue::Begun begun);
  // Require the lock.
  void ask_to_begin();
  void note_change();
  [[nodiscard]] PoolLoad load_now() const;
  [[nodiscard]] bool may_begin() const;

  const PoolSize size_;
  const AttemptMaker make_attempt_;
  const std::stop_token stopping_;
  LoopWatch& watch_;
  mutable std::mutex mutex_;  // guards all below but the loops
  std::condition_variable changed_;
  /// What `wait` waits for. Those who change the load look at it, so the main thread wakes only if
  /// it has something to do.
  const std::function<bool(const PoolLoad&)>* awaited_ = nullptr;
  JobQueue queue_;
  bool closes_ = false;  ///< no more jobs begin
  std::size_t begun_ = 0;
  std::size_t settled_ = 0;
  /// Wakes `wait`, because its condition may depend on `stopping`.
  std::stop_callback<std::function<void()>> on_stopping_;
  std::vector<std::unique_ptr<Driver>> drivers_;
};

}  // namespace autoreply

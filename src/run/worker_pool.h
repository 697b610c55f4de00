#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "job/job.h"
#include "run/job_queue.h"

namespace autoreply {

/// The job counts of a pool.
struct PoolLoad {
  std::size_t unstarted = 0;   ///< added, not begun
  std::size_t held_up = 0;     ///< how many of those `JobQueue` holds back now
  std::size_t running = 0;     ///< begun, not settled
  std::size_t finished = 0;    ///< settled since the pool was made
  std::size_t in_workers = 0;  ///< jobs that a worker still has in hand, settled or not
};

/// A bounded number of threads that process claimed jobs in the order of `JobQueue`.
///
/// A thread goes on to its next job while the last one is being settled. At most as many jobs again
/// as there are threads may be unsettled.
///
/// The pool makes a thread only when there is a job for it, so a run without work makes none. If
/// the machine provides no more threads, the existing ones do the work. Only the run's main thread
/// may call `add`, `wait` and `take_unstarted`. After `stopping` is requested, no more jobs begin.
/// The destructor waits until jobs that have begun are settled.
class WorkerPool final {
 public:
  /// Processes one job and returns how its call to the provider ended. Must not throw. Each thread
  /// of the pool makes and uses its own.
  using Worker = std::function<CallEnd(const ClaimedJob&)>;

  WorkerPool(std::size_t threads_max,
             std::function<Worker()> make_worker,
             std::stop_token stopping);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Throws std::system_error if the pool has no thread and cannot make one.
  void add(std::vector<ClaimedJob> jobs);

  /// Waits until `enough` returns true or `timeout` has passed. Returns the load at that time.
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
  void make_threads(std::size_t wanted);
  void work(const std::stop_token& end);
  // Requires the lock.
  [[nodiscard]] PoolLoad load_now() const;
  [[nodiscard]] bool may_begin() const;

  const std::size_t threads_max_;
  const std::function<Worker()> make_worker_;
  const std::stop_token stopping_;
  mutable std::mutex mutex_;  // guards queue_, begun_ and settled_
  std::condition_variable_any arrived_;
  std::condition_variable changed_;
  JobQueue queue_;
  std::size_t begun_ = 0;
  std::size_t settled_ = 0;
  /// Wakes `wait`, because its condition may depend on `stopping`.
  std::stop_callback<std::function<void()>> on_stopping_;
  std::vector<std::jthread> threads_;  // last, because they use all of the above
};

}  // namespace autoreply

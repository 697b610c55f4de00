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

/// The jobs of a pool.
struct PoolLoad {
  std::size_t unstarted = 0;  ///< added and not begun
  std::size_t held_up = 0;    ///< of those, the ones that `JobQueue` would give to no thread
  std::size_t running = 0;    ///< begun and not finished
  std::size_t finished = 0;   ///< since the pool was made
};

/// A bounded number of threads that work off claimed jobs, in the order that `JobQueue` gives them.
///
/// A thread is made when there is a job for it, so a run without work makes none. If the machine
/// gives no more threads, those that there are do the work. `add`, `wait` and `take_unstarted`
/// belong to one thread, that of the run. Once `stopping` is requested no further job is started.
/// The destructor waits for the jobs that were started.
class WorkerPool final {
 public:
  /// Does one job and says how its call of the provider ended; must not throw. Made by and used by
  /// one thread of the pool.
  using Worker = std::function<CallEnd(const ClaimedJob&)>;

  WorkerPool(std::size_t threads_max,
             std::function<Worker()> make_worker,
             std::stop_token stopping);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Throws std::system_error if the pool has no thread and the machine gives none.
  void add(std::vector<ClaimedJob> jobs);

  /// Waits until `enough` holds or `timeout` is over, and returns the load then.
  PoolLoad wait(std::chrono::milliseconds timeout,
                const std::function<bool(const PoolLoad&)>& enough);

  /// Waits until `enough` holds, however long that takes.
  PoolLoad wait(const std::function<bool(const PoolLoad&)>& enough);

  /// Removes and returns the jobs that no thread has begun.
  [[nodiscard]] std::vector<ClaimedJob> take_unstarted();

  [[nodiscard]] PoolLoad load() const;

 private:
  void make_threads(std::size_t wanted);
  void work(const std::stop_token& end);
  // Under the lock.
  [[nodiscard]] PoolLoad load_now() const;

  const std::size_t threads_max_;
  const std::function<Worker()> make_worker_;
  const std::stop_token stopping_;
  mutable std::mutex mutex_;  // guards what counts and lists jobs
  std::condition_variable_any arrived_;
  std::condition_variable changed_;
  JobQueue queue_;
  std::size_t finished_ = 0;
  /// Wakes a `wait` whose condition looks at `stopping`.
  std::stop_callback<std::function<void()>> on_stopping_;
  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace autoreply

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "job/job.h"

namespace autoreply {

/// The jobs that wait for a thread of the pool, and which of them may have the next one: those that
/// were added first, but
///
/// - of the jobs whose last attempt was broken off, one runs at a time: where one of them kills the
///   process each time, it costs no other of them an attempt;
/// - jobs that call one provider address under one key (a lane) have a window, at first a quarter
/// of
///   the threads. A job that ends quickly widens it by one, a slow one sets it back. Beyond its
///   window a lane may use threads that nobody else wants, but for a reserve of an eighth. So a
///   healthy lane soon has the whole pool, and a slow or dead address never keeps all threads from
///   the others.
///
/// Not thread-safe; no clock, no I/O.
class JobQueue final {
 public:
  explicit JobQueue(std::size_t threads);

  /// What is begun and not finished.
  struct Begun {
    ClaimedJob job;
    std::string lane;
  };

  void add(ClaimedJob job);

  /// Whether a job may begin now.
  [[nodiscard]] bool may_begin() const { return next_lane() != nullptr; }
  /// Removes and returns the next job. Requires `may_begin`.
  [[nodiscard]] Begun begin();
  void finish(const Begun& begun, std::chrono::milliseconds took);

  /// Removes and returns all jobs that have not begun, in the order in which they were added.
  [[nodiscard]] std::vector<ClaimedJob> take_unstarted();

  [[nodiscard]] std::size_t unstarted() const { return unstarted_; }
  /// Of those, the ones that wait for another job to end, however many threads are free.
  [[nodiscard]] std::size_t held_up() const;
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  struct Waiting {
    std::uint64_t order = 0;
    ClaimedJob job;
  };
  struct Lane {
    std::deque<Waiting> waiting;
    std::size_t running = 0;
    std::size_t window = 0;
    bool widens = false;
  };

  [[nodiscard]] const Lane* next_lane() const;
  [[nodiscard]] bool may_exceed(const Lane& lane) const;

  const std::size_t threads_;
  const std::size_t reserve_;
  std::uint64_t added_ = 0;
  std::size_t unstarted_ = 0;
  std::size_t running_ = 0;
  std::unordered_map<std::string, Lane> lanes_;
};

}  // namespace autoreply

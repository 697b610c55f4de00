#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
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
/// - jobs that call one provider address (a lane) have a window: a quarter of the threads at first.
/// A job that ends quickly widens it by one; one that takes 5 s sets it back,
///   while it lasts and when it ends. Beyond its window a lane may use threads that nobody else
///   wants, but for a reserve of an eighth. So a healthy lane soon has the whole pool, and a slow
///   or dead address does not keep all threads from the others; one that dies while it has them all
///   keeps them for one timeout.
///
/// Not thread-safe; no clock, no I/O.
class JobQueue final {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  explicit JobQueue(std::size_t threads);

  /// What is begun and not finished.
  struct Begun {
    ClaimedJob job;
    bool suspect = false;  ///< its last attempt was broken off
    Instant since;
  };

  void add(ClaimedJob job);

  /// Whether a job may begin now.
  [[nodiscard]] bool may_begin(Instant now) { return next_lane(now) != nullptr; }
  /// Removes and returns the next job. Requires `may_begin`.
  [[nodiscard]] Begun begin(Instant now);
  void finish(const Begun& begun, Instant now);

  /// Removes and returns all jobs that have not begun, in the order in which they were added.
  [[nodiscard]] std::vector<ClaimedJob> take_unstarted();

  [[nodiscard]] std::size_t unstarted() const { return unstarted_; }
  /// Of those, the ones that wait for a slow job or for one like them to end, however many threads
  /// are free.
  [[nodiscard]] std::size_t held_up(Instant now) const;
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  struct Waiting {
    std::uint64_t order = 0;
    ClaimedJob job;
  };
  struct Lane {
    std::deque<Waiting> waiting;
    std::multiset<Instant> running;  ///< since when
    std::size_t window = 0;
    bool guarded = false;  ///< its jobs call a provider
  };
  /// Where one more of a lane's jobs would run.
  enum class Room { none, beyond_window, within_window };

  [[nodiscard]] Lane& lane_of(const ClaimedJob& job);
  [[nodiscard]] Lane* next_lane(Instant now);
  [[nodiscard]] Room room(const Lane& lane, Instant now) const;
  [[nodiscard]] std::size_t window(const Lane& lane, Instant now) const;
  [[nodiscard]] std::size_t spare() const;

  const std::size_t threads_;
  const std::size_t reserve_;
  std::uint64_t added_ = 0;
  std::size_t unstarted_ = 0;
  std::size_t running_ = 0;
  std::unordered_map<std::string, Lane> lanes_;  ///< by the address of the provider
  Lane suspects_;
};

}  // namespace autoreply

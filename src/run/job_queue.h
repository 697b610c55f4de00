#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "job/job.h"

namespace autoreply {

/// How the call ended that a job made to its provider.
enum class CallEnd {
  none,      ///< there was no call, or our own stop or machine ended it: it says nothing
  answered,  ///< with an answer that is not "down", whatever that meant for the job
  failed,    ///< "down": no connection, no answer in time, a server's error
};

/// The jobs that wait for a thread of the pool, and which of them has the next one.
///
/// The jobs that call one provider address are a lane. Lanes take turns: the next thread goes to
/// the lane that runs the fewest jobs, and of several to the one whose turn is the longest ago. So
/// lanes with enough jobs have equal shares of the threads, however slow one of them is, and a lane
/// that is alone has all threads. Within a lane, the job goes first that was added first.
///
/// A lane fails from its first call that failed to its next one that was answered. All failing
/// lanes together begin jobs on at most a quarter of the threads while jobs of other lanes wait. If
/// none wait, they leave an eighth free for those that may be added. So an address that falls
/// silent keeps the threads that it has for one timeout, and no more than its part afterwards.
///
/// Of the jobs whose last attempt was broken off, one runs at a time: one that kills the process
/// each time costs no other of them an attempt.
///
/// Each operation on one job takes time logarithmic in the number of lanes. There are no more lanes
/// than addresses that were added. Not thread-safe; no clock, no I/O.
class JobQueue final {
 public:
  /// `threads` is how many jobs may run at once; at least 1.
  explicit JobQueue(std::size_t threads);
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  /// What is begun and not finished.
  struct Begun {
    ClaimedJob job;
    bool suspect = false;  ///< its last attempt was broken off
  };

  void add(ClaimedJob job);

  /// Whether a job may begin now.
  [[nodiscard]] bool may_begin() const;
  /// Removes and returns the next job. Requires `may_begin`.
  [[nodiscard]] Begun begin();
  void finish(const Begun& begun, CallEnd end);

  /// Removes and returns all jobs that have not begun, in the order in which they were added.
  [[nodiscard]] std::vector<ClaimedJob> take_unstarted();

  [[nodiscard]] std::size_t unstarted() const { return unstarted_; }
  /// Of those, the ones that could not begin now, however many threads were free.
  [[nodiscard]] std::size_t held_up() const;
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  struct Waiting {
    std::uint64_t order = 0;
    ClaimedJob job;
  };
  struct Turn {
    std::size_t running = 0;
    std::uint64_t last = 0;  ///< when the lane had its last turn; no two have the same
    // The check takes the 0 in <compare> for ours. NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const Turn&) const = default;
  };
  struct Lane {
    std::deque<Waiting> waiting;
    Turn turn;
    bool failing = false;
  };
  struct ByTurn {
    bool operator()(const Lane* one, const Lane* other) const { return one->turn < other->turn; }
  };
  /// The healthy lanes, or the failing ones.
  struct Group {
    std::set<Lane*, ByTurn> ready;  ///< those with jobs that wait; the next one first
    std::size_t waiting = 0;        ///< jobs
    std::size_t running = 0;        ///< jobs
  };

  [[nodiscard]] Lane& lane_of(const ClaimedJob& job);
  [[nodiscard]] Group& group_of(const Lane& lane) { return lane.failing ? failing_ : healthy_; }
  template <class Change>
  void change(Lane& lane, const Change& apply);

  [[nodiscard]] std::size_t failing_room() const;
  [[nodiscard]] Lane* next_lane() const;
  [[nodiscard]] bool suspect_is_next(const Lane* next) const;
  [[nodiscard]] bool suspect_may_begin() const;

  const std::size_t threads_;
  std::uint64_t added_ = 0;
  std::uint64_t turns_ = 0;
  std::size_t unstarted_ = 0;
  std::size_t running_ = 0;
  std::unordered_map<std::string, Lane> lanes_;  ///< by the address of the provider
  Group healthy_;
  Group failing_;
  /// Jobs whose last attempt was broken off: they wait here and run in the lane of their address.
  std::deque<Waiting> suspects_;
  std::uint64_t suspects_turn_ = 0;
  bool suspect_runs_ = false;
};

}  // namespace autoreply

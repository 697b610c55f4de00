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

/// How a job's call to its provider ended.
enum class CallEnd {
  none,      ///< no call was made, or this run or its machine ended it
  answered,  ///< the provider answered, even if the job failed
  failed,    ///< no connection, no answer in time, or a server error
};

/// The jobs that wait for a place in flight. Decides which of them begins next.
///
/// Jobs that call the same provider address form a lane. The next place goes to the lane with the
/// fewest running jobs. If there is a tie, it goes to the lane whose last turn is longest ago. So
/// busy lanes get equal shares of the places, even if one lane is slow, and a single lane gets all
/// places. Within a lane, jobs begin in the order in which they were added.
///
/// A lane is failing from the first failed call until the next answered call. While healthy lanes
/// have waiting jobs, all failing lanes together begin jobs in at most a quarter of the places. If
/// healthy lanes have none, failing lanes leave an eighth of the places free for jobs that may be
/// added. So an address that stops answering keeps its places for one timeout, and then falls back
/// to its share.
///
/// Jobs whose last attempt was broken off run one at a time. If one of them kills the process, it
/// does not cost the others an attempt.
///
/// An operation on one job takes time logarithmic in the number of lanes. There is at most one lane
/// for each address that was ever added. Not thread-safe. Uses no clock and no I/O.
class JobQueue final {
 public:
  /// `places`: how many jobs may run at once, at least 1.
  explicit JobQueue(std::size_t places);
  JobQueue(const JobQueue&) = delete;
  JobQueue& operator=(const JobQueue&) = delete;

  /// A job that has begun and not finished.
  struct Begun {
    ClaimedJob job;
    bool suspect = false;  ///< one of the jobs that run one at a time
  };

  void add(ClaimedJob job);

  /// Whether a job may begin now.
  [[nodiscard]] bool may_begin() const;
  /// Removes and returns the next job. Requires `may_begin`.
  [[nodiscard]] Begun begin();
  void finish(const Begun& begun, CallEnd end);

  /// Removes all jobs that have not begun and returns them in the order in which they were added.
  [[nodiscard]] std::vector<ClaimedJob> take_unstarted();

  [[nodiscard]] std::size_t unstarted() const { return unstarted_; }
  /// How many of those the rules for failing lanes and for broken-off jobs hold back now.
  [[nodiscard]] std::size_t held_up() const;
  [[nodiscard]] std::size_t running() const { return running_; }

 private:
  struct Waiting {
    std::uint64_t order = 0;
    ClaimedJob job;
  };
  struct Turn {
    std::size_t running = 0;
    std::uint64_t last = 0;  ///< number of the lane's last turn; unique
    // The check blames this line for a 0 in <compare>. NOLINTNEXTLINE(modernize-use-nullptr)
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
    std::set<Lane*, ByTurn> ready;  ///< lanes with waiting jobs; the next one first
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

  const std::size_t places_;
  std::uint64_t added_ = 0;
  std::uint64_t turns_ = 0;
  std::size_t unstarted_ = 0;
  std::size_t running_ = 0;
  std::unordered_map<std::string, Lane> lanes_;  ///< by the address of the provider
  Group healthy_;
  Group failing_;
  /// Jobs whose last attempt was broken off. They wait here and run in the lane of their address.
  std::deque<Waiting> suspects_;
  std::uint64_t suspects_turn_ = 0;
  bool suspect_runs_ = false;
};

}  // namespace autoreply

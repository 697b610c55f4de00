#include "run/job_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/invariant.h"

namespace autoreply {
namespace {

/// An exhausted job is not a suspect: it is only ended, and that cannot kill the process.
bool is_suspect(const ClaimedJob& job) {
  return job.broken_off && !job.exhausted;
}

std::size_t minus_or_zero(std::size_t from, std::size_t take) {
  return from - std::min(from, take);
}

}  // namespace

JobQueue::JobQueue(std::size_t places) : places_(std::max<std::size_t>(1, places)) {
}

/// Applies a change to a lane and keeps the groups consistent.
template <class Change>
void JobQueue::change(Lane& lane, const Change& apply) {
  Group& before = group_of(lane);
  if (!lane.waiting.empty()) before.ready.erase(&lane);
  before.waiting -= lane.waiting.size();
  before.running -= lane.turn.running;
  apply();
  Group& after = group_of(lane);
  if (!lane.waiting.empty()) after.ready.insert(&lane);
  after.waiting += lane.waiting.size();
  after.running += lane.turn.running;
}

void JobQueue::add(ClaimedJob job) {
  ++unstarted_;
  Waiting waiting{added_++, std::move(job)};
  if (is_suspect(waiting.job)) {
    suspects_.push_back(std::move(waiting));
    return;
  }
  Lane& lane = lane_of(waiting.job);
  change(lane, [&] { lane.waiting.push_back(std::move(waiting)); });
}

bool JobQueue::may_begin() const {
  return running_ < places_ && (next_lane() != nullptr || suspect_may_begin());
}

JobQueue::Begun JobQueue::begin() {
  require_or_end(may_begin(), "a job was begun that may not begin");
  Lane* const next = next_lane();
  Begun begun{.job = {}, .suspect = suspect_is_next(next)};
  if (begun.suspect) {
    begun.job = std::move(suspects_.front().job);
    suspects_.pop_front();
    suspects_turn_ = ++turns_;
    suspect_runs_ = true;
    Lane& lane = lane_of(begun.job);
    change(lane, [&] { ++lane.turn.running; });
  } else {
    change(*next, [&] {
      begun.job = std::move(next->waiting.front().job);
      next->waiting.pop_front();
      ++next->turn.running;
      next->turn.last = ++turns_;
    });
  }
  ++running_;
  --unstarted_;
  return begun;
}

void JobQueue::finish(const Begun& begun, CallEnd end) {
  Lane& lane = lane_of(begun.job);
  require_or_end(running_ > 0 && lane.turn.running > 0, "a job ended that did not run");
  change(lane, [&] {
    --lane.turn.running;
    if (end != CallEnd::none) lane.failing = end == CallEnd::failed;
  });
  if (begun.suspect) suspect_runs_ = false;
  --running_;
}

std::vector<ClaimedJob> JobQueue::take_unstarted() {
  std::vector<Waiting> all(std::make_move_iterator(suspects_.begin()),
                           std::make_move_iterator(suspects_.end()));
  suspects_.clear();
  for (auto& [address, lane] : lanes_) {
    change(lane, [&all, &waiting = lane.waiting] {
      std::move(waiting.begin(), waiting.end(), std::back_inserter(all));
      waiting.clear();
    });
  }
  unstarted_ = 0;
  std::sort(all.begin(), all.end(), [](const Waiting& one, const Waiting& other) {
    return one.order < other.order;
  });
  std::vector<ClaimedJob> jobs;
  jobs.reserve(all.size());
  for (Waiting& waiting : all) jobs.push_back(std::move(waiting.job));
  return jobs;
}

std::size_t JobQueue::held_up() const {
  return minus_or_zero(suspects_.size(), suspect_may_begin() ? 1 : 0) +
         minus_or_zero(failing_.waiting, failing_room());
}

JobQueue::Lane& JobQueue::lane_of(const ClaimedJob& job) {
  const auto [place, made] = lanes_.try_emplace(job.provider_address);
  if (made) place->second.turn.last = ++turns_;
  return place->second;
}

/// How many more jobs of failing lanes may begin now.
std::size_t JobQueue::failing_room() const {
  const std::size_t share = std::max<std::size_t>(1, places_ / 4);
  const std::size_t within_share = minus_or_zero(share, failing_.running);
  if (!healthy_.ready.empty()) return within_share;
  const std::size_t reserve = places_ > 1 ? std::max<std::size_t>(1, places_ / 8) : 0;
  return std::max(within_share, minus_or_zero(places_, reserve + running_));
}

JobQueue::Lane* JobQueue::next_lane() const {
  Lane* const healthy = healthy_.ready.empty() ? nullptr : *healthy_.ready.begin();
  if (failing_.ready.empty() || failing_room() == 0) return healthy;
  Lane* const failing = *failing_.ready.begin();
  return healthy != nullptr && ByTurn()(healthy, failing) ? healthy : failing;
}

bool JobQueue::suspect_may_begin() const {
  if (suspects_.empty() || suspect_runs_) return false;
  const auto lane = lanes_.find(suspects_.front().job.provider_address);
  return lane == lanes_.end() || !lane->second.failing || failing_room() > 0;
}

/// Suspects take turns with the lanes like a lane that has no running job.
bool JobQueue::suspect_is_next(const Lane* next) const {
  return suspect_may_begin() && (next == nullptr || Turn{0, suspects_turn_} < next->turn);
}

}  // namespace autoreply

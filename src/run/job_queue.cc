#include "run/job_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace autoreply {
namespace {

constexpr std::chrono::seconds kQuick{5};

/// A job that is exhausted too is only written off, which kills nobody.
bool is_suspect(const ClaimedJob& job) {
  return job.broken_off && !job.exhausted;
}

std::size_t first_window(std::size_t threads) {
  return std::max<std::size_t>(1, threads / 4);
}

bool is_slow(JobQueue::Instant since, JobQueue::Instant now) {
  return now - since >= kQuick;
}

std::size_t less(std::size_t from, std::size_t take) {
  return from - std::min(from, take);
}

}  // namespace

JobQueue::JobQueue(std::size_t threads)
    : threads_(threads), reserve_(threads > 1 ? std::max<std::size_t>(1, threads / 8) : 0) {
}

void JobQueue::add(ClaimedJob job) {
  Lane& lane = is_suspect(job) ? suspects_ : lane_of(job);
  lane.waiting.push_back({added_++, std::move(job)});
  ++unstarted_;
}

JobQueue::Begun JobQueue::begin(Instant now) {
  Lane& from = *next_lane(now);
  Begun begun{std::move(from.waiting.front().job), &from == &suspects_, now};
  from.waiting.pop_front();
  lane_of(begun.job).running.insert(now);
  if (begun.suspect) suspects_.running.insert(now);
  ++running_;
  --unstarted_;
  return begun;
}

void JobQueue::finish(const Begun& begun, Instant now) {
  Lane& lane = lane_of(begun.job);
  lane.running.erase(lane.running.find(begun.since));
  if (begun.suspect) suspects_.running.clear();
  --running_;
  lane.window =
      is_slow(begun.since, now) ? first_window(threads_) : std::min(threads_, lane.window + 1);
}

std::vector<ClaimedJob> JobQueue::take_unstarted() {
  std::vector<Waiting> all;
  const auto take_from = [&all](Lane& lane) {
    std::move(lane.waiting.begin(), lane.waiting.end(), std::back_inserter(all));
    lane.waiting.clear();
  };
  for (auto& [name, lane] : lanes_) take_from(lane);
  take_from(suspects_);
  unstarted_ = 0;
  std::sort(all.begin(), all.end(), [](const Waiting& one, const Waiting& other) {
    return one.order < other.order;
  });
  std::vector<ClaimedJob> jobs;
  jobs.reserve(all.size());
  for (Waiting& waiting : all) jobs.push_back(std::move(waiting.job));
  return jobs;
}

std::size_t JobQueue::held_up(Instant now) const {
  std::size_t held_up = less(suspects_.waiting.size(), suspects_.running.empty() ? 1 : 0);
  for (const auto& [name, lane] : lanes_) {
    // A lane that is not slow will widen: its jobs wait for a thread, like all others.
    if (!lane.guarded || lane.running.empty() || !is_slow(*lane.running.begin(), now)) continue;
    const std::size_t in_window = less(window(lane, now), lane.running.size());
    held_up += less(lane.waiting.size(), std::max(in_window, spare()));
  }
  return held_up;
}

JobQueue::Lane& JobQueue::lane_of(const ClaimedJob& job) {
  const auto [place, made] = lanes_.try_emplace(job.provider.address);
  if (made) {
    place->second.guarded = !job.provider.address.empty();
    place->second.window = first_window(threads_);
  }
  return place->second;
}

JobQueue::Lane* JobQueue::next_lane(Instant now) {
  Lane* within = nullptr;
  Lane* beyond = nullptr;
  const auto consider = [&](Lane& lane, Room room) {
    if (room == Room::none) return;
    Lane*& best = room == Room::within_window ? within : beyond;
    if (best == nullptr || lane.waiting.front().order < best->waiting.front().order) best = &lane;
  };
  for (auto& [name, lane] : lanes_) {
    if (!lane.waiting.empty()) consider(lane, room(lane, now));
  }
  if (!suspects_.waiting.empty() && suspects_.running.empty()) {
    consider(suspects_, room(lane_of(suspects_.waiting.front().job), now));
  }
  return within != nullptr ? within : beyond;
}

JobQueue::Room JobQueue::room(const Lane& lane, Instant now) const {
  if (!lane.guarded || lane.running.size() < window(lane, now)) return Room::within_window;
  return spare() > 0 ? Room::beyond_window : Room::none;
}

std::size_t JobQueue::window(const Lane& lane, Instant now) const {
  const bool slow = !lane.running.empty() && is_slow(*lane.running.begin(), now);
  return slow ? std::min(lane.window, first_window(threads_)) : lane.window;
}

std::size_t JobQueue::spare() const {
  return less(threads_, reserve_ + running_);
}

}  // namespace autoreply

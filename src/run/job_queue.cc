#include "run/job_queue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace autoreply {
namespace {

constexpr std::chrono::seconds kQuick{5};

// Names of breakers begin with a word and a colon, so these are nobody's.
constexpr const char* kSuspects = "suspects";
constexpr const char* kUnguarded = "";

/// A job that is exhausted too is only written off, which kills nobody.
bool is_suspect(const ClaimedJob& job) {
  return job.broken_off && !job.exhausted;
}

std::size_t first_window(std::size_t threads) {
  return std::max<std::size_t>(1, threads / 4);
}

}  // namespace

JobQueue::JobQueue(std::size_t threads)
    : threads_(threads), reserve_(threads > 1 ? std::max<std::size_t>(1, threads / 8) : 0) {
}

void JobQueue::add(ClaimedJob job) {
  const std::string name = is_suspect(job) ? kSuspects : job.provider_breaker;
  const auto [place, made] = lanes_.try_emplace(name);
  Lane& lane = place->second;
  if (made) {
    lane.widens = name != kSuspects && name != kUnguarded;
    lane.window = name == kSuspects    ? 1
                  : name == kUnguarded ? std::numeric_limits<std::size_t>::max()
                                       : first_window(threads_);
  }
  lane.waiting.push_back({added_++, std::move(job)});
  ++unstarted_;
}

JobQueue::Begun JobQueue::begin() {
  const Lane* const next = next_lane();
  const auto place = std::find_if(
      lanes_.begin(), lanes_.end(), [next](const auto& entry) { return &entry.second == next; });
  Lane& lane = place->second;
  Begun begun{std::move(lane.waiting.front().job), place->first};
  lane.waiting.pop_front();
  ++lane.running;
  ++running_;
  --unstarted_;
  return begun;
}

void JobQueue::finish(const Begun& begun, std::chrono::milliseconds took) {
  Lane& lane = lanes_.at(begun.lane);
  --lane.running;
  --running_;
  if (!lane.widens) return;
  lane.window = took < kQuick ? std::min(threads_, lane.window + 1) : first_window(threads_);
}

std::vector<ClaimedJob> JobQueue::take_unstarted() {
  std::vector<Waiting> all;
  for (auto& [name, lane] : lanes_) {
    std::move(lane.waiting.begin(), lane.waiting.end(), std::back_inserter(all));
    lane.waiting.clear();
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
  const std::size_t spare = threads_ - std::min(threads_, reserve_ + running_);
  std::size_t held_up = 0;
  for (const auto& [name, lane] : lanes_) {
    const std::size_t in_window = lane.window - std::min(lane.window, lane.running);
    const std::size_t startable = std::max(in_window, lane.widens ? spare : 0);
    held_up += lane.waiting.size() - std::min(lane.waiting.size(), startable);
  }
  return held_up;
}

const JobQueue::Lane* JobQueue::next_lane() const {
  const Lane* within = nullptr;
  const Lane* beyond = nullptr;
  const auto was_first = [](const Lane& lane, const Lane* other) {
    return other == nullptr || lane.waiting.front().order < other->waiting.front().order;
  };
  for (const auto& [name, lane] : lanes_) {
    if (lane.waiting.empty()) continue;
    if (lane.running < lane.window) {
      if (was_first(lane, within)) within = &lane;
    } else if (may_exceed(lane) && was_first(lane, beyond)) {
      beyond = &lane;
    }
  }
  return within != nullptr ? within : beyond;
}

bool JobQueue::may_exceed(const Lane& lane) const {
  return lane.widens && running_ + reserve_ < threads_;
}

}  // namespace autoreply

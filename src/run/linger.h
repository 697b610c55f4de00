#pragma once

#include <chrono>
#include <stop_token>

#include "store/job_store.h"

namespace autoreply {

/// The time for which a run stays and looks for new jobs, from its start on.
class Linger final {
 public:
  using Clock = std::chrono::steady_clock;

  /// A run that does not linger.
  Linger() = default;
  /// `duration` 0: the run does not linger.
  Linger(Clock::time_point start, std::chrono::milliseconds duration)
      : lingers_(duration.count() > 0), until_(start + duration) {}

  /// Whether the run lingers at all.
  [[nodiscard]] bool lingers() const { return lingers_; }

  /// Whether the time is up: no claim begins any more.
  [[nodiscard]] bool is_over() const { return lingers_ && Clock::now() >= until_; }

  /// Asks the store every `kLookPause` until a job is due. Returns false if the time is up or
  /// `stop` is requested before that. An error of the store counts as due: the claim that follows
  /// reports it.
  [[nodiscard]] bool wait_for_jobs(JobStore& store, const std::stop_token& stop) const;

 private:
  bool lingers_ = false;
  Clock::time_point until_;
};

}  // namespace autoreply

#include "run/summary.h"

#include <algorithm>

#include "job/waits_for.h"

namespace autoreply {

void Latencies::add(std::chrono::milliseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const auto* const bound = std::ranges::lower_bound(kBounds, seconds);
  if (bound != kBounds.end()) ++buckets.at(static_cast<std::size_t>(bound - kBounds.begin()));
  ++count;
  sum += seconds;
}

void Tally::note_last(const JobId& job, Outcome outcome, const std::string& reason, Scope scope) {
  if (outcome == Outcome::completed || outcome == Outcome::skipped) {
    last_.erase(job.value);
  } else {
    last_[job.value] = {outcome, scope == Scope::the_operator, reason};
  }
}

void Tally::count(const JobId& job, Outcome outcome, const std::string& reason, Scope scope) {
  const std::scoped_lock lock(mutex_);
  ++settled_;
  ++counts_.outcomes[outcome];
  ++counts_.reasons[{outcome, reason}];
  note_last(job, outcome, reason, scope);
}

void Tally::note_planned(const JobId& job) {
  const std::scoped_lock lock(mutex_);
  last_.erase(job.value);
}

void Tally::count_lost(const JobId& job) {
  const std::scoped_lock lock(mutex_);
  ++counts_.lost;
  note_last(job, Outcome::released, "", Scope::job);
}

void Tally::count_put_back(const JobId& job, Scope scope) {
  const std::scoped_lock lock(mutex_);
  const auto last = last_.find(job.value);
  if (last == last_.end()) return;  // a job of an earlier run
  const std::string reason(to_string(WaitsFor::breaker));
  --counts_.outcomes[last->second.outcome];
  --counts_.reasons[{last->second.outcome, last->second.reason}];
  ++counts_.outcomes[Outcome::deferred];
  ++counts_.reasons[{Outcome::deferred, reason}];
  note_last(job, Outcome::deferred, reason, scope);
}

void Tally::count_refused(const JobId& job) {
  {
    const std::scoped_lock lock(mutex_);
    ++counts_.lost;
    note_last(job, Outcome::released, "", Scope::job);
    ++refused_;
    if (nothing_settles_ || settled_ > 0 || refused_ < kRefusalsMax) return;
    nothing_settles_ = true;
  }
  if (on_nothing_settles_) on_nothing_settles_();
}

bool Tally::nothing_settles() const {
  const std::scoped_lock lock(mutex_);
  return nothing_settles_;
}

void Tally::add_usage(std::optional<std::int64_t> tokens,
                      std::optional<std::int64_t> cost_nanodollars) {
  const std::scoped_lock lock(mutex_);
  counts_.tokens += tokens.value_or(0);
  counts_.cost_nanodollars += cost_nanodollars.value_or(0);
  if (cost_nanodollars) {
    ++counts_.priced;
  } else if (tokens) {
    ++counts_.unpriced;
  }
}

void Tally::add_latency(const std::string& provider, std::chrono::milliseconds took) {
  const std::scoped_lock lock(mutex_);
  counts_.latencies[provider].add(took);
}

void Tally::add_segments(std::size_t segments) {
  const std::scoped_lock lock(mutex_);
  counts_.segments += segments;
}

bool Tally::note_misfit(const std::string& what) {
  const std::scoped_lock lock(mutex_);
  if (!counts_.misfit.empty()) return false;
  counts_.misfit = what;
  return true;
}

void Tally::note_database_lost() {
  const std::scoped_lock lock(mutex_);
  counts_.database_lost = true;
}

bool Tally::database_lost() const {
  const std::scoped_lock lock(mutex_);
  return counts_.database_lost;
}

void Tally::write_to(Summary& summary) const {
  const std::scoped_lock lock(mutex_);
  summary.outcomes = counts_.outcomes;
  summary.reasons = counts_.reasons;
  summary.latencies = counts_.latencies;
  summary.lost = counts_.lost;
  summary.tokens = counts_.tokens;
  summary.cost_nanodollars = counts_.cost_nanodollars;
  summary.priced = counts_.priced;
  summary.unpriced = counts_.unpriced;
  summary.segments = counts_.segments;
  for (const auto& [job, last] : last_) {
    if (last.outcome == Outcome::failed) {
      ++summary.failed_last;
    } else if (last.for_operator) {
      ++summary.for_operator_last;
    } else {
      ++summary.unfinished_last;
    }
  }
  summary.misfit = counts_.misfit;
  summary.database_lost = summary.database_lost || counts_.database_lost;
  summary.settlements_refused = nothing_settles_ || (refused_ > 0 && settled_ == 0);
}

}  // namespace autoreply

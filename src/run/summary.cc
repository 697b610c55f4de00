#include "run/summary.h"

namespace autoreply {

void Tally::count(Outcome outcome) {
  const std::scoped_lock lock(mutex_);
  ++settled_;
  switch (outcome) {
    case Outcome::completed:
      ++counts_.completed;
      break;
    case Outcome::skipped:
      ++counts_.skipped;
      break;
    case Outcome::retried:
      ++counts_.retried;
      break;
    case Outcome::failed:
      ++counts_.failed;
      break;
    case Outcome::deferred:
      ++counts_.deferred;
      break;
    case Outcome::released:
      ++counts_.released;
      break;
  }
}

void Tally::count_lost() {
  const std::scoped_lock lock(mutex_);
  ++counts_.lost;
}

void Tally::count_refused() {
  {
    const std::scoped_lock lock(mutex_);
    ++counts_.lost;
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

void Tally::add_usage(std::int64_t tokens, std::int64_t cost_nanodollars) {
  const std::scoped_lock lock(mutex_);
  counts_.tokens += tokens;
  counts_.cost_nanodollars += cost_nanodollars;
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
  summary.completed = counts_.completed;
  summary.skipped = counts_.skipped;
  summary.retried = counts_.retried;
  summary.failed = counts_.failed;
  summary.deferred = counts_.deferred;
  summary.released = counts_.released;
  summary.lost = counts_.lost;
  summary.tokens = counts_.tokens;
  summary.cost_nanodollars = counts_.cost_nanodollars;
  summary.misfit = counts_.misfit;
  summary.database_lost = summary.database_lost || counts_.database_lost;
  summary.settlements_refused = nothing_settles_ || (refused_ > 0 && settled_ == 0);
}

}  // namespace autoreply

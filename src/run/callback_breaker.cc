#include "run/callback_breaker.h"

#include <utility>

namespace autoreply {

CallbackBreaker::CallbackBreaker(std::string name,
                                 std::string label,
                                 StoreBatchers& store,
                                 const Log& log)
    : name_(std::move(name)), label_(std::move(label)), store_(store), log_(log) {
}

void CallbackBreaker::learn(const Breaker& found) {
  bool opened = false;
  bool closed = false;
  {
    const std::scoped_lock lock(mutex_);
    // Answers of the database to several threads may overtake each other.
    if (found.changed_at < state_.changed_at) return;
    opened = found.is_open() && !state_.is_open();
    closed = !found.is_open() && state_.is_open();
    state_ = found;
  }
  if (opened) log_.warn("breaker_open", {{"of", label_}});
  if (closed) log_.info("breaker_closed", {{"of", label_}});
}

bool CallbackBreaker::keeps_out(const ClaimedJob& job) const {
  return is_open() && !job.probes_callback;
}

bool CallbackBreaker::is_open() const {
  const std::scoped_lock lock(mutex_);
  return state_.is_open();
}

std::chrono::milliseconds CallbackBreaker::wait() const {
  const std::scoped_lock lock(mutex_);
  return state_.pause;
}

void CallbackBreaker::report(const ClaimedJob& job,
                             CallReport::Result result,
                             DatabaseTime began_at) {
  if (result == CallReport::Result::up) {
    const std::scoped_lock lock(mutex_);
    if (state_.is_clean()) return;
  }
  count({job.job.id, result, began_at, job.probes_callback});
}

void CallbackBreaker::give_back_probe(const ClaimedJob& job) {
  if (job.probes_callback) count({job.job.id, CallReport::Result::nothing, 0, true});
}

void CallbackBreaker::count(const CallReport& report) {
  const auto state = store_.report({name_, label_, report});
  if (state) {
    learn(*state);
  } else {
    log_.warn("breaker_not_counted", {{"reason", state.error().message}});
  }
}

}  // namespace autoreply

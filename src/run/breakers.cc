#include "run/breakers.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "base/duration.h"

namespace autoreply {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Said = CallReport::Result;

namespace {

/// Later claims take as many of the key's jobs as are let through.
constexpr milliseconds kSlowStartWait{1'000};

}  // namespace

void Breakers::learn(const Claim& claim) {
  {
    const std::scoped_lock lock(mutex_);
    claimed_at_ = claim.at;
    claim_seen_at_ = steady_clock::now();
    std::unordered_set<std::string> listed;
    for (const NamedBreaker& found : claim.breakers) listed.insert(found.name);
    // What the claim did not find is clean, but for what has happened since it looked.
    std::erase_if(known_, [&](const auto& entry) {
      return !listed.contains(entry.first) && entry.second.breaker.changed_at <= claim.at;
    });
  }
  for (const NamedBreaker& found : claim.breakers) learn_one(found);
}

std::optional<Breakers::Objection> Breakers::objection(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto known = known_.find(name);
  if (known == known_.end()) return std::nullopt;
  const auto calls = calls_.find(name);
  return objection_of(known->second.breaker, calls == calls_.end() ? 0 : calls->second);
}

Breakers::Call::Call(Breakers& breakers, std::string name)
    : breakers_(breakers), name_(std::move(name)) {
  const std::scoped_lock lock(breakers_.mutex_);
  ++breakers_.calls_[name_];
}

Breakers::Call::~Call() {
  const std::scoped_lock lock(breakers_.mutex_);
  const auto calls = breakers_.calls_.find(name_);
  if (--calls->second == 0) breakers_.calls_.erase(calls);
}

void Breakers::report(const Peer& peer, const CallReport& report) {
  if (report.result == Said::up) {
    const std::scoped_lock lock(mutex_);
    const auto known = known_.find(peer.name);
    if (known == known_.end() || known->second.breaker.is_clean()) return;
  }
  if (report.result == Said::refused) {
    log_.error("key_refused", {{"of", peer.label}, {"left_alone", format_duration(report.wait)}});
  }
  const auto state = store_.report({peer.name, peer.label, report, peer.rules});
  if (state) {
    learn_one({peer.name, peer.label, *state});
  } else {
    log_.warn("breaker_not_counted", {{"reason", state.error().message}});
  }
}

void Breakers::give_back_probe(const std::string& name, const JobId& job) {
  Peer peer{.name = name};
  {
    const std::scoped_lock lock(mutex_);
    const auto known = known_.find(name);
    if (known != known_.end()) peer.label = known->second.label;
  }
  report(peer, {.job = job, .result = Said::nothing, .probe = true});
}

void Breakers::learn_one(const NamedBreaker& found) {
  Breaker before;
  {
    const std::scoped_lock lock(mutex_);
    Known& known = known_[found.name];
    // Answers of the database to several threads may overtake each other.
    if (found.breaker.changed_at < known.breaker.changed_at) return;
    known.label = found.label;
    before = std::exchange(known.breaker, found.breaker);
  }
  tell(found.label, before, found.breaker);
}

void Breakers::tell(const std::string& label, const Breaker& before, const Breaker& after) const {
  if (after.is_open() && !before.is_open()) log_.warn("breaker_open", {{"of", label}});
  if (!after.is_open() && before.is_open()) log_.info("breaker_closed", {{"of", label}});
  if (after.blocked_until && !before.blocked_until) log_.warn("key_blocked", {{"of", label}});
  if (!after.blocked_until && before.blocked_until) log_.info("key_unblocked", {{"of", label}});
}

std::optional<Breakers::Objection> Breakers::objection_of(const Breaker& breaker, int calls) const {
  const milliseconds blocked{breaker.blocked_until.value_or(0) - now()};
  if (breaker.is_open()) return Objection{"is down", std::max(breaker.pause, blocked), true};
  if (blocked.count() > 0) return Objection{"takes no more under this key for now", blocked};
  // Jobs that were claimed before the trouble may be more than are let through after it.
  if (breaker.in_flight_max > 0 && calls > breaker.in_flight_max) {
    return Objection{"is loaded slowly after a trouble", kSlowStartWait};
  }
  return std::nullopt;
}

DatabaseTime Breakers::now() const {
  const auto since = steady_clock::now() - claim_seen_at_;
  return claimed_at_ + std::chrono::duration_cast<milliseconds>(since).count();
}

}  // namespace autoreply

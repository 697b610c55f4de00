#include "run/breakers.h"

#include <algorithm>
#include <utility>

#include "base/shell_word.h"
#include "claim/waiting_jobs.h"
#include "run/store_batchers.h"

namespace autoreply {

using std::chrono::milliseconds;

namespace {

/// Short, because later claims take only as many of the peer's jobs as it lets through.
constexpr milliseconds kSlowStartWait{1'000};

}  // namespace

void Breakers::learn(const Claim& claim) {
  {
    const std::scoped_lock lock(mutex_);
    claimed_at_ = claim.at;
    claim_seen_at_ = steady_now_();
    missed_operator_keys_.insert(claim.missed_operator_keys.begin(),
                                 claim.missed_operator_keys.end());
  }
  for (const NamedBreaker& found : claim.breakers) learn_one(found.peer, found.breaker);
}

std::optional<Breakers::Objection> Breakers::objection(const std::vector<Peer>& peers,
                                                       const ClaimedJob& job) const {
  const std::scoped_lock lock(mutex_);
  for (const Peer& peer : peers) {
    const auto known = known_.find(peer.name);
    if (known == known_.end() || job.is_probe_of(peer.name)) continue;
    const auto calls = calls_.find(peer.name);
    if (auto found = objection_of(known->second, calls == calls_.end() ? 0 : calls->second)) {
      found->peer = peer.name;
      return found;
    }
  }
  return std::nullopt;
}

Breakers::Call::Call(Breakers& breakers, std::vector<Peer> peers)
    : breakers_(breakers), peers_(std::move(peers)) {
  const std::scoped_lock lock(breakers_.mutex_);
  for (const Peer& peer : peers_) ++breakers_.calls_[peer.name];
}

Breakers::Call::~Call() {
  const std::scoped_lock lock(breakers_.mutex_);
  for (const Peer& peer : peers_) {
    const auto calls = breakers_.calls_.find(peer.name);
    if (--calls->second == 0) breakers_.calls_.erase(calls);
  }
}

Task<Reported> Breakers::report(const BreakerReport& report) {
  if (report.peer.name.empty()) co_return Reported{};
  std::optional<Acceptance> accepted_before;
  {
    const std::scoped_lock lock(mutex_);
    Known& known = known_.try_emplace(report.peer.name, Known{report.peer.label, {}}).first->second;
    const CallReport& call = report.report;
    if (call.sign == CallReport::Sign::up && known.breaker.is_clean()) {
      if (call.accepted) {
        known.breaker.accepted_at = now();
        known.breaker.accepted_job = call.job.value;
        accepted_[report.peer.name] = {report.peer, call.job.value};
      }
      co_return Reported{.breaker = known.breaker};
    }
    if (accepted_.erase(report.peer.name) > 0 && known.breaker.accepted_at) {
      accepted_before = Acceptance{*known.breaker.accepted_at, known.breaker.accepted_job};
    }
  }
  BreakerReport complete = report;
  if (accepted_before) complete.report.accepted_before = std::move(accepted_before);
  auto reported = co_await store_.report(std::move(complete));
  if (!reported) {
    log_.warn("breaker_not_counted", {{"reason", reported.error().message}});
    const std::scoped_lock lock(mutex_);
    co_return Reported{.breaker = known_[report.peer.name].breaker};
  }
  learn_one(report.peer, reported->breaker);
  if (reported->narrow) learn_one(report.narrow, *reported->narrow);
  const std::scoped_lock lock(mutex_);
  for (const std::string* name : {&report.peer.name, &report.narrow.name}) {
    const auto known = known_.find(*name);
    if (known == known_.end()) continue;
    known->second.was_called = true;
    const std::string& workspace = report.report.workspace_id;
    if (!workspace.empty()) known->second.workspaces.insert(workspace);
  }
  co_return std::move(*reported);
}

Task<> Breakers::give_back_probe(const std::string& name, const JobId& job) {
  Peer peer{.name = name};
  {
    const std::scoped_lock lock(mutex_);
    const auto known = known_.find(name);
    if (known != known_.end()) peer.label = known->second.label;
  }
  const BreakerReport unused{
      .peer = peer, .report = {.job = job, .sign = CallReport::Sign::nothing, .probe = true}};
  co_await report(unused);
}

std::optional<Acceptance> Breakers::last_accepted(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto known = known_.find(name);
  if (known == known_.end() || !known->second.breaker.accepted_at) return std::nullopt;
  return Acceptance{*known->second.breaker.accepted_at, known->second.breaker.accepted_job};
}

bool Breakers::is_missed_operator_key(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  return missed_operator_keys_.contains(name);
}

std::vector<AcceptedPeer> Breakers::take_accepted() {
  const std::scoped_lock lock(mutex_);
  std::vector<AcceptedPeer> peers;
  peers.reserve(accepted_.size());
  for (auto& [name, peer] : accepted_) peers.push_back(std::move(peer));
  accepted_.clear();
  return peers;
}

std::vector<NamedBreaker> Breakers::refusing() const {
  const std::scoped_lock lock(mutex_);
  std::vector<NamedBreaker> all;
  for (const auto& [name, known] : known_) {
    if (known.was_called && known.breaker.is_refused())
      all.push_back({{name, known.label}, known.breaker});
  }
  return all;
}

std::vector<Hold> Breakers::holds() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Hold> all;
  for (const auto& [name, known] : known_) {
    const bool is_closed =
        known.breaker.is_open() || known.breaker.blocked_until.value_or(0) > now();
    if (!known.was_called || !is_closed) continue;
    const bool is_callback = name.starts_with("callback:");
    Hold hold = hold_by({{name, known.label}, known.breaker}, {.spares_recorded = !is_callback});
    if (!is_callback) {
      hold.reason = behind_provider(known.breaker.is_refused(), name.starts_with("settings:"));
    }
    if (is_callback && name.find('/') == std::string::npos) {
      all.push_back(hold);
      continue;
    }
    for (const std::string& workspace : known.workspaces) {
      hold.workspace_id = workspace;
      all.push_back(hold);
    }
  }
  return all;
}

std::vector<Breakers::Wronged> Breakers::wronged() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Wronged> all;
  for (const auto& entry : wronged_) {
    const Wronged& one = entry.second;
    const auto same = std::ranges::find_if(all, [&one](const Wronged& other) {
      return other.reason == one.reason && other.scope == one.scope;
    });
    if (same == all.end()) {
      all.push_back(one);
    } else {
      same->jobs.push_back(one.jobs.front());
    }
  }
  return all;
}

void Breakers::note_wronged(const Breaker& found) {
  for (const Rejection& one : found.rejections) {
    if (!one.in_row) continue;
    wronged_[one.job] = {
        .reason = found.is_refused() ? found.reason : "many jobs got the same rejection",
        .scope = found.is_refused() ? found.scope : Scope::workspace,
        .jobs = {{{one.job}, one.attempt, one.attempts_before, one.at}}};
  }
}

void Breakers::learn_one(const Peer& peer, const Breaker& found) {
  Breaker before;
  {
    const std::scoped_lock lock(mutex_);
    note_wronged(found);
    Known& known = known_[peer.name];
    // The database's answers to different threads may arrive out of order.
    if (found.changed_at < known.breaker.changed_at) return;
    known.label = peer.label;
    before = std::exchange(known.breaker, found);
    if (before.accepted_at.value_or(0) > known.breaker.accepted_at.value_or(0)) {
      known.breaker.accepted_at = before.accepted_at;
      known.breaker.accepted_job = before.accepted_job;
    }
  }
  tell(peer, before, found);
}

void Breakers::tell(const Peer& peer, const Breaker& before, const Breaker& after) const {
  if (after.is_open() && !before.is_open()) {
    if (after.is_refused()) {
      log_.error("refused",
                 {{"of", peer.label},
                  {"scope", std::string(to_string(after.scope))},
                  {"reason", after.reason},
                  {"once_mended", "autoreply unblock " + shell_word(peer.name)}});
    } else {
      log_.warn("breaker_open", {{"of", peer.label}, {"breaker", peer.name}});
    }
  }
  if (!after.is_open() && before.is_open()) log_.info("breaker_closed", {{"of", peer.label}});
  if (after.blocked_until && !before.blocked_until) log_.warn("throttled", {{"of", peer.label}});
  if (!after.blocked_until && before.blocked_until) {
    log_.info("no_longer_throttled", {{"of", peer.label}});
  }
}

std::optional<Breakers::Objection> Breakers::objection_of(const Known& known, int calls) const {
  const Breaker& breaker = known.breaker;
  if (breaker.is_refused()) {
    return Objection{.reason = breaker.reason, .scope = breaker.scope, .is_refused = true};
  }
  if (breaker.is_open()) return Objection{.reason = known.label + " is down"};
  if (breaker.blocked_until.value_or(0) > now()) {
    return Objection{.reason = known.label + " takes no more for now"};
  }
  // The run may have claimed more jobs before the trouble than it may call with now.
  if (breaker.in_flight_max > 0 && calls > breaker.in_flight_max) {
    return Objection{.reason = known.label + " is loaded slowly after a trouble",
                     .wait = kSlowStartWait};
  }
  return std::nullopt;
}

DatabaseTime Breakers::now() const {
  const auto since = steady_now_() - claim_seen_at_;
  return claimed_at_ + std::chrono::duration_cast<milliseconds>(since).count();
}

}  // namespace autoreply

#include "run/guarded_calls.h"

#include <algorithm>
#include <utility>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

DatabaseTime created_at(const JobContext& context) {
  return context.started_at - context.age.count();
}

}  // namespace

CalledPeers CalledPeers::of_callback(const Peer& callback, const std::string& workspace_id) {
  return {.kind = PeerKind::callback,
          .wide = callback,
          .narrow = of_workspace(callback, workspace_id),
          .owner = Scope::the_operator};
}

CalledPeers CalledPeers::of_provider(const Route& route) {
  return {.kind = PeerKind::provider,
          .wide = route.key,
          .narrow = route.model,
          .settings = route.settings,
          .owner = route.key_scope};
}

std::vector<Peer> CalledPeers::in_order() const {
  if (kind == PeerKind::callback) return {wide, narrow};
  return {settings, narrow, wide};
}

std::optional<AttemptResult> GuardedCalls::objection(const CalledPeers& called) const {
  auto objection = breakers_.objection(called.in_order(), job_);
  if (!objection) return std::nullopt;
  AttemptResult result = AttemptResult::defer(
      step_of(called.kind), std::move(objection->reason), objection->wait, objection->scope);
  result.waits_for =
      called.kind == PeerKind::callback
          ? WaitsFor::breaker
          : behind_provider(objection->is_refused, objection->peer == called.settings.name);
  return result;
}

Task<AttemptResult> GuardedCalls::conclude(const CalledPeers& called,
                                           const JobContext& context,
                                           Answer answer,
                                           DatabaseTime began_at) {
  if (answer.wait) answer.wait = std::min(*answer.wait, rules_.wait_max);
  const Signs signs = signs_of(called.kind, answer.finding);
  const Reported wide = co_await report(called, called.wide, signs.wide, answer, began_at);
  // If the answer already counted against the workspace's own part, it must not count there twice.
  const Peer& part = called.kind == PeerKind::provider ? called.settings : called.narrow;
  if (wide.narrow) reported_.push_back(part.name);
  if (!wide.narrow || called.narrow.name != part.name) {
    co_await report(called, called.narrow, signs.narrow, answer, began_at);
  }
  if (!wide.narrow || called.settings.name != part.name) {
    co_await report(called, called.settings, signs.settings, answer, began_at);
  }
  co_return judge(called.kind, answer, circumstances(called, context, answer, wide));
}

Task<> GuardedCalls::give_back_unused_probes() {
  for (const std::string& breaker : job_.probes) {
    if (std::ranges::find(reported_, breaker) == reported_.end()) {
      co_await breakers_.give_back_probe(breaker, job_.job.id);
    }
  }
}

Task<Reported> GuardedCalls::report(const CalledPeers& called,
                                    const Peer& peer,
                                    CallReport::Sign sign,
                                    const Answer& answer,
                                    DatabaseTime began_at) {
  using Sign = CallReport::Sign;
  const bool is_provider = called.kind == PeerKind::provider;
  const bool is_wide = peer == called.wide;
  // If an outage uses attempts like any other failure, it must not open a breaker.
  if (sign == Sign::down && rules_.outage_wait.count() == 0) sign = Sign::nothing;
  if (peer.name.empty() || sign == Sign::nothing) co_return Reported{};
  const Signs signs = signs_of(called.kind, answer.finding);
  BreakerReport made{.peer = peer,
                     .report = {.job = job_.job.id,
                                .sign = sign,
                                .began_at = began_at,
                                .probe = job_.is_probe_of(peer.name),
                                .workspace_id = job_.job.workspace_id,
                                .contact_id = job_.job.contact_id,
                                .accepted = is_wide && signs.accepted,
                                .scope = is_wide ? called.owner : Scope::workspace,
                                .reason = answer.reason,
                                .words = answer.words,
                                .evident = signs.evident,
                                .attempt = job_.attempt,
                                .attempts_before = job_.attempts_before},
                     .rules = is_provider ? kProviderRules : kCallbackRules};
  if (sign == Sign::throttled) made.report.wait = throttle_wait(called.kind, answer);
  if (sign == Sign::down && is_provider) {
    made.report.wait = answer.wait.value_or(milliseconds{0});
  }
  if (peer == called.settings) made.rules = kSettingsRules;
  if (is_wide) {
    made.narrow = is_provider ? called.settings : called.narrow;
    made.narrows_failures = !is_provider;
    made.narrow_probe = job_.is_probe_of(made.narrow.name);
  }
  reported_.push_back(peer.name);
  co_return co_await breakers_.report(made);
}

Circumstances GuardedCalls::circumstances(const CalledPeers& called,
                                          const JobContext& context,
                                          const Answer& answer,
                                          const Reported& wide) const {
  const Signs signs = signs_of(called.kind, answer.finding);
  const Breaker& breaker = wide.breaker;
  Circumstances now{.last_attempt = job_.attempt >= rules_.max_attempts,
                    .is_open = breaker.is_open() || wide.narrow};
  if (wide.scope == Scope::workspace) {
    now.scope = Scope::workspace;
  } else if (signs.wide == CallReport::Sign::refused || wide.scope == Scope::the_operator) {
    now.scope = called.owner;
  } else if (signs.wide == CallReport::Sign::rejected) {
    const bool is_known = breaker.is_refused() && (signs.evident || answer.words == breaker.words);
    now.scope = is_known ? breaker.scope : wide.scope;
  }
  const DatabaseTime previous = job_.previous_claim.value_or(created_at(context));
  now.neighbour_accepted =
      breaker.accepted_at.value_or(0) > previous && breaker.accepted_job != job_.job.id.value;
  const DatabaseTime down_since =
      std::max(breaker.failing_since.value_or(context.started_at), created_at(context));
  now.outage_counts = rules_.outage_wait.count() == 0 ||
                      context.started_at - down_since >= rules_.outage_wait.count();
  return now;
}

}  // namespace autoreply

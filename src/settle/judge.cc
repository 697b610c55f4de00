#include "settle/judge.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace autoreply {
namespace {

using Kind = AttemptResult::Kind;
using Sign = CallReport::Sign;
using std::chrono::milliseconds;

constexpr milliseconds kProviderThrottleWait = std::chrono::seconds(30);
constexpr milliseconds kCallbackThrottleWait = std::chrono::seconds(5);
/// The longest wait that a throttled job's own row gets. The breaker knows the full wait, and a
/// change of settings may end it sooner.
constexpr milliseconds kBreakerWaitMax = std::chrono::minutes(1);

/// What becomes of the job.
enum class Handling {
  deliver,                 ///< completed
  skip,                    ///< nothing is left to send
  fail,                    ///< failed, unless many jobs get it in the same words
  fail_job,                ///< failed: the cause is this job's alone
  mend,                    ///< deferred until the owner of the refused key or account fixes it
  mend_settings,           ///< deferred until the workspace fixes its settings
  wait,                    ///< deferred; never uses an attempt
  wait_for_outage,         ///< deferred; retried if the outage counts
  wait_unless_neighbours,  ///< deferred; retried if others are accepted or the outage counts
  retry,                   ///< retried, failed on the last attempt
  retry_unless_many,       ///< the same, unless many jobs get it in the same words
  retry_unless_down,  ///< retried; deferred in an outage, or if last unless others are accepted
  judge_by_evidence,  ///< depends on whose fault it is
  doubt,              ///< in doubt: the customer may have the reply
  doubt_by_evidence,  ///< the same, and says whose fault it is
  release,            ///< released: nothing has happened
};

struct Row {
  Finding finding;
  Handling handling;
  Signs signs;
};

constexpr Signs kNothing{};
constexpr Signs kUp{.wide = Sign::up, .narrow = Sign::up, .settings = Sign::up};
constexpr Signs kAccepted{
    .wide = Sign::up, .narrow = Sign::up, .settings = Sign::up, .accepted = true};
constexpr Signs kDown{.wide = Sign::down};
constexpr Signs kRejected{.wide = Sign::rejected, .narrow = Sign::up, .settings = Sign::up};
constexpr Signs kEvident{.wide = Sign::rejected, .evident = true};

constexpr auto kProviderRows = std::to_array<Row>({
    {Finding::accepted, Handling::deliver, kAccepted},
    {Finding::account_refused, Handling::mend, {.wide = Sign::refused}},
    {Finding::content_refused, Handling::fail_job, kAccepted},
    {Finding::setting_refused,
     Handling::mend_settings,
     {.wide = Sign::up, .narrow = Sign::up, .settings = Sign::refused}},
    {Finding::throttled, Handling::wait, {.narrow = Sign::throttled}},
    {Finding::unreachable, Handling::wait_for_outage, kDown},
    {Finding::down, Handling::retry_unless_down, kDown},
    {Finding::cut, Handling::retry, kAccepted},
    {Finding::empty, Handling::retry_unless_many, kRejected},
    {Finding::faulty, Handling::retry_unless_many, kRejected},
    {Finding::wrong_settings, Handling::mend_settings, {.settings = Sign::refused}},
    {Finding::no_operator_key, Handling::mend, {.wide = Sign::refused}},
    {Finding::no_resources, Handling::wait, kNothing},
    {Finding::not_sent, Handling::release, kNothing},
});

constexpr auto kCallbackRows = std::to_array<Row>({
    {Finding::opted_out, Handling::skip, kAccepted},
    {Finding::accepted, Handling::deliver, kAccepted},
    {Finding::web_page, Handling::doubt_by_evidence, kEvident},
    {Finding::unreachable, Handling::wait_for_outage, kDown},
    {Finding::throttled, Handling::wait_for_outage, {.narrow = Sign::throttled}},
    {Finding::busy, Handling::wait_unless_neighbours, kDown},
    {Finding::conflict, Handling::retry, kUp},
    {Finding::unanswered, Handling::doubt, kDown},
    {Finding::misdirected, Handling::judge_by_evidence, kEvident},
    {Finding::invalid_recipient, Handling::fail_job, kAccepted},
    {Finding::rejected, Handling::fail, kRejected},
    {Finding::no_resources, Handling::wait, kNothing},
    {Finding::not_sent, Handling::release, kNothing},
});

const Row& row_of(PeerKind kind, Finding finding) {
  const auto find = [finding](const auto& rows) -> const Row& {
    const auto* const found = std::ranges::find(rows, finding, &Row::finding);
    // A finding that this kind of peer never has counts as unreachable.
    return found == rows.end() ? *std::ranges::find(rows, Finding::unreachable, &Row::finding)
                               : *found;
  };
  return kind == PeerKind::provider ? find(kProviderRows) : find(kCallbackRows);
}

/// Whether the reply certainly did not go out.
bool is_definite_refusal(Handling handling) {
  return handling != Handling::deliver && handling != Handling::doubt &&
         handling != Handling::doubt_by_evidence;
}

/// Deferred until the cause is fixed by those whom the scope names.
AttemptResult deferred_in(Scope scope, WaitsFor waits_for, AttemptResult result) {
  result.kind = Kind::defer;
  result.scope = scope;
  result.waits_for = waits_for;
  result.wait = std::nullopt;
  return result;
}

AttemptResult of_kind(Kind kind, AttemptResult result) {
  result.kind = kind;
  return result;
}

}  // namespace

milliseconds throttle_wait(PeerKind kind, const Answer& answer) {
  return answer.wait.value_or(kind == PeerKind::provider ? kProviderThrottleWait
                                                         : kCallbackThrottleWait);
}

Signs signs_of(PeerKind kind, Finding finding) {
  return row_of(kind, finding).signs;
}

AttemptResult judge(PeerKind kind, const Answer& answer, const Circumstances& now) {
  const Row& row = row_of(kind, answer.finding);
  AttemptResult result{.step = step_of(kind), .reason = answer.reason, .wait = answer.wait};
  if (row.signs.narrow == Sign::throttled) {
    result.wait = std::min(throttle_wait(kind, answer), kBreakerWaitMax);
  }
  result.waits_for = WaitsFor::breaker;
  result.took_back_send = kind == PeerKind::callback && is_definite_refusal(row.handling);
  const bool waits_for_outage = now.is_open && !now.outage_counts;
  switch (row.handling) {
    case Handling::deliver:
      return of_kind(Kind::delivered, std::move(result));
    case Handling::skip:
      result.reason = "opted out";
      return of_kind(Kind::skip, std::move(result));
    case Handling::fail:
      if (now.scope != Scope::job)
        return deferred_in(now.scope, WaitsFor::breaker, std::move(result));
      return of_kind(Kind::reject, std::move(result));
    case Handling::fail_job:
      return of_kind(Kind::reject, std::move(result));
    case Handling::mend:
      return deferred_in(now.scope == Scope::the_operator ? Scope::the_operator : Scope::workspace,
                         WaitsFor::key,
                         std::move(result));
    case Handling::mend_settings:
      return deferred_in(Scope::workspace, WaitsFor::setting, std::move(result));
    case Handling::wait:
      return of_kind(Kind::defer, std::move(result));
    case Handling::wait_for_outage:
      return of_kind(now.outage_counts ? Kind::retry : Kind::defer, std::move(result));
    case Handling::wait_unless_neighbours: {
      const bool counts = now.outage_counts || (now.neighbour_accepted && !now.is_open);
      return of_kind(counts ? Kind::retry : Kind::defer, std::move(result));
    }
    case Handling::retry:
      return of_kind(Kind::retry, std::move(result));
    case Handling::retry_unless_many:
      if (now.scope != Scope::job)
        return deferred_in(now.scope, WaitsFor::breaker, std::move(result));
      return of_kind(Kind::retry, std::move(result));
    case Handling::retry_unless_down: {
      const bool spared = now.last_attempt && !now.neighbour_accepted && !now.outage_counts;
      return of_kind(spared || waits_for_outage ? Kind::defer : Kind::retry, std::move(result));
    }
    case Handling::judge_by_evidence:
      if (now.scope != Scope::job)
        return deferred_in(now.scope, WaitsFor::breaker, std::move(result));
      return of_kind(now.neighbour_accepted ? Kind::retry : Kind::defer, std::move(result));
    case Handling::doubt_by_evidence:
      result.scope = now.scope;
      result.uses_attempt = now.scope == Scope::job && !waits_for_outage;
      return of_kind(Kind::in_doubt, std::move(result));
    case Handling::doubt:
      result.uses_attempt = !waits_for_outage;
      return of_kind(Kind::in_doubt, std::move(result));
    case Handling::release:
      break;
  }
  return of_kind(Kind::not_started, std::move(result));
}

}  // namespace autoreply

#include "settle/decide.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/invariant.h"
#include "base/text.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kErrorBytesMax = 500;
// Without a wait the same run would claim the job again and again.
constexpr milliseconds kDeferralMin{1'000};

std::string error_text(const ClaimedJob& job,
                       const AttemptResult& result,
                       const RetryRules& rules) {
  const std::string line = one_line(fmt::format("{}: {} (attempt {} of {})",
                                                to_string(result.step),
                                                result.reason,
                                                job.attempt,
                                                rules.max_attempts));
  return std::string(utf8_prefix(line, kErrorBytesMax));
}

/// The note of a job that goes back to `pending`. A job in doubt stays in doubt, and one kept in
/// doubt stays kept.
std::string note_of(const ClaimedJob& job, Outcome outcome, std::string_view reason) {
  if (!job.in_doubt) return outcome_note(outcome, reason);
  return in_doubt_note(reason, job.kept_in_doubt || reason == kKeptInDoubtReason);
}

}  // namespace

Settlement decide(const ClaimedJob& job,
                  const AttemptResult& result,
                  bool recorded,
                  const RetryRules& rules,
                  double noise) {
  using Kind = AttemptResult::Kind;
  require(result.kind != Kind::lost, "a job whose token is lost was to be settled");

  Settlement settlement{.id = job.job.id, .token = job.token, .attempts = job.attempt};
  if (recorded && result.took_back_send) settlement.sends = job.sends;
  const bool last_attempt = job.attempt >= rules.max_attempts;
  switch (result.kind) {
    case Kind::delivered:
      settlement.outcome = Outcome::completed;
      settlement.note = outcome_note(Outcome::completed, "");
      return settlement;

    case Kind::skip:
      settlement.outcome = Outcome::skipped;
      settlement.note = outcome_note(Outcome::skipped, result.reason);
      return settlement;

    case Kind::in_doubt:
      // Retried even on the last attempt, because the host's record is asked before the job fails.
      // If this attempt transmitted nothing, the doubt is about an earlier one.
      settlement.outcome = Outcome::retried;
      settlement.attempts = recorded && result.uses_attempt ? job.attempt : job.attempts_before;
      settlement.error = error_text(job, result, rules);
      settlement.note = in_doubt_note(result.reason, false);
      settlement.due = Settlement::Due::after_send;
      settlement.delay = rules.in_doubt_wait;
      settlement.scope = result.scope;
      return settlement;

    case Kind::retry:
      settlement.error = error_text(job, result, rules);
      if (last_attempt) {
        settlement.outcome = Outcome::failed;
        settlement.note =
            outcome_note(Outcome::failed, job.in_doubt ? "delivery unknown" : result.reason);
        return settlement;
      }
      settlement.outcome = Outcome::retried;
      settlement.note = note_of(job, Outcome::retried, result.reason);
      settlement.due = Settlement::Due::after_now;
      settlement.delay = std::max(retry_delay(rules.backoff, job.attempt, noise),
                                  result.wait.value_or(milliseconds{0}));
      return settlement;

    case Kind::reject:
      settlement.outcome = Outcome::failed;
      settlement.error = error_text(job, result, rules);
      settlement.note = outcome_note(Outcome::failed, result.reason);
      return settlement;

    case Kind::defer:
      settlement.outcome = Outcome::deferred;
      settlement.attempts = job.attempts_before;
      settlement.error = error_text(job, result, rules);
      settlement.note = note_of(job, Outcome::deferred, result.reason);
      settlement.due = Settlement::Due::after_now;
      settlement.delay =
          result.wait.value_or(retry_delay(rules.backoff, settlement.attempts + 1, noise));
      // A rule that the claim knows holds the job back by itself.
      if (!is_planned(result.waits_for))
        settlement.delay = std::max(kDeferralMin, settlement.delay);
      settlement.scope = result.scope;
      settlement.waits_for = result.waits_for;
      return settlement;

    case Kind::not_started:
    case Kind::lost:
      break;
  }
  settlement.outcome = Outcome::released;
  settlement.claimed_before = job.claimed_before;
  settlement.attempts = job.attempts_before;
  // Recording the transmission cleared the note. An empty note would mean that the result of a
  // transmission is unknown.
  if (recorded && job.kept_in_doubt) settlement.note = in_doubt_note(kKeptInDoubtReason, true);
  if (recorded && !job.in_doubt) settlement.note = outcome_note(Outcome::released, "");
  return settlement;
}

}  // namespace autoreply

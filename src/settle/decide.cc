#include "settle/decide.h"

#include <algorithm>
#include <cassert>
#include <string>

#include <fmt/format.h>

#include "base/text.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kErrorBytesMax = 500;
constexpr std::size_t kNoteBytesMax = 200;
// A wait of nothing would have the same run claim the job again and again.
constexpr milliseconds kDeferralMin{1'000};

std::string limited(std::string_view text, std::size_t bytes_max) {
  const std::string line = one_line(text);
  return std::string(utf8_prefix(line, bytes_max));
}

std::string error_text(const ClaimedJob& job, const Verdict& verdict, const RetryRules& rules) {
  return limited(fmt::format("{}: {} (attempt {} of {})",
                             verdict.step,
                             verdict.reason,
                             job.attempt,
                             rules.max_attempts),
                 kErrorBytesMax);
}

std::string note_text(Outcome outcome, std::string_view reason) {
  if (reason.empty()) return std::string(to_string(outcome));
  return limited(fmt::format("{}: {}", to_string(outcome), reason), kNoteBytesMax);
}

/// Of a job that stays in doubt. One that is kept so stays that, too, so that it may be sent once
/// more.
std::string doubt_note(const ClaimedJob& job, const std::string& reason) {
  if (!job.kept_in_doubt || reason == kKeptInDoubt) {
    return note_text(Outcome::retried, fmt::format("in doubt: {}", reason));
  }
  return note_text(Outcome::retried, fmt::format("in doubt: {}; {}", kKeptInDoubt, reason));
}

}  // namespace

Settlement decide(const ClaimedJob& job,
                  const Verdict& verdict,
                  bool recorded,
                  const RetryRules& rules,
                  double noise) {
  using Kind = Verdict::Kind;
  assert(verdict.kind != Kind::lost);

  Settlement settlement{.id = job.job.id, .token = job.token, .attempts = job.attempt};
  if (recorded && verdict.took_back_send) settlement.sends = job.sends;
  const bool last_attempt = job.attempt >= rules.max_attempts;
  switch (verdict.kind) {
    case Kind::delivered:
      settlement.outcome = Outcome::completed;
      settlement.note = note_text(Outcome::completed, "");
      return settlement;

    case Kind::skip:
      settlement.outcome = Outcome::skipped;
      settlement.note = note_text(Outcome::skipped, verdict.reason);
      return settlement;

    case Kind::in_doubt:
      // On the last attempt, too: the host's record is asked before the job is failed. Where this
      // attempt transmitted nothing, it is the one before that is settled.
      settlement.outcome = Outcome::retried;
      settlement.attempts = recorded && verdict.uses_attempt ? job.attempt : job.attempts_before;
      settlement.error = error_text(job, verdict, rules);
      settlement.note = note_text(Outcome::retried, fmt::format("in doubt: {}", verdict.reason));
      settlement.due = Settlement::Due::after_send;
      settlement.delay = rules.in_doubt_wait;
      settlement.scope = verdict.scope;
      return settlement;

    case Kind::retry:
      settlement.error = error_text(job, verdict, rules);
      if (last_attempt) {
        settlement.outcome = Outcome::failed;
        settlement.note =
            note_text(Outcome::failed, job.in_doubt ? "delivery unknown" : verdict.reason);
        return settlement;
      }
      settlement.outcome = Outcome::retried;
      settlement.note = job.in_doubt ? doubt_note(job, verdict.reason)
                                     : note_text(Outcome::retried, verdict.reason);
      settlement.due = Settlement::Due::after_now;
      settlement.delay = std::max(retry_delay(rules.backoff, job.attempt, noise),
                                  verdict.wait.value_or(milliseconds{0}));
      return settlement;

    case Kind::reject:
      settlement.outcome = Outcome::failed;
      settlement.error = error_text(job, verdict, rules);
      settlement.note = note_text(Outcome::failed, verdict.reason);
      return settlement;

    case Kind::defer:
      settlement.outcome = Outcome::deferred;
      settlement.attempts = job.attempts_before;
      settlement.error = error_text(job, verdict, rules);
      settlement.note = job.in_doubt ? doubt_note(job, verdict.reason)
                                     : note_text(Outcome::deferred, verdict.reason);
      settlement.due = Settlement::Due::after_now;
      settlement.delay = std::max(
          kDeferralMin,
          verdict.wait.value_or(retry_delay(rules.backoff, settlement.attempts + 1, noise)));
      settlement.scope = verdict.scope;
      return settlement;

    case Kind::not_started:
    case Kind::lost:
      break;
  }
  settlement.outcome = Outcome::released;
  settlement.claimed_before = job.claimed_before;
  settlement.attempts = job.attempts_before;
  // The record cleared the note, which would read as a transmission whose fate nobody knows.
  if (recorded && job.kept_in_doubt) settlement.note = doubt_note(job, std::string(kKeptInDoubt));
  if (recorded && !job.in_doubt) settlement.note = note_text(Outcome::released, "");
  return settlement;
}

}  // namespace autoreply

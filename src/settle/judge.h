#pragma once

#include <chrono>

#include "job/answer.h"
#include "job/attempt_result.h"
#include "job/breaker.h"
#include "job/scope.h"

namespace autoreply {

enum class PeerKind { provider, callback };

/// Returns the step of an attempt that calls such a peer.
[[nodiscard]] constexpr Step step_of(PeerKind kind) {
  return kind == PeerKind::provider ? Step::generate : Step::deliver;
}

/// What an answer tells the breakers that guard the call.
struct Signs {
  CallReport::Sign wide = CallReport::Sign::nothing;      ///< the callback, or the provider's key
  CallReport::Sign narrow = CallReport::Sign::nothing;    ///< the callback as the workspace calls
                                                          ///< it, or the key's model
  CallReport::Sign settings = CallReport::Sign::nothing;  ///< the workspace's; providers only
  bool accepted = false;                                  ///< the peer did as asked
  bool evident = false;  ///< a rejection that counts as evidence by itself
};

/// How long to leave a throttled peer alone: as long as it asks, or a short default.
[[nodiscard]] std::chrono::milliseconds throttle_wait(PeerKind kind, const Answer& answer);

[[nodiscard]] Signs signs_of(PeerKind kind, Finding finding);

/// The peer and the job at the time of the answer.
struct Circumstances {
  /// Whose fault it is if the cause may go beyond the job: by the evidence, or by who owns the key.
  Scope scope = Scope::job;
  bool last_attempt = false;
  /// The peer's breaker is open, or was opened by this answer.
  bool is_open = false;
  /// The peer has accepted something from another job since this job's previous attempt.
  bool neighbour_accepted = false;
  /// The peer has been down so long that waiting for it now uses attempts.
  bool outage_counts = false;
};

/// Decides what becomes of a job after an answer, by the peer's table of findings. The result's
/// step is `generate` for a provider and `deliver` for the callback. Pure.
[[nodiscard]] AttemptResult judge(PeerKind kind,
                                  const Answer& answer,
                                  const Circumstances& circumstances);

}  // namespace autoreply

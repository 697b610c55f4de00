#pragma once

#include <chrono>

#include "job/answer.h"
#include "job/attempt_result.h"
#include "job/breaker.h"
#include "job/scope.h"

namespace autoreply {

enum class PeerKind { provider, callback };

/// What an answer tells the breakers of those that took part in the call.
struct Signs {
  CallReport::Sign wide = CallReport::Sign::nothing;      ///< the callback, or the provider's key
  CallReport::Sign narrow = CallReport::Sign::nothing;    ///< the callback as the workspace calls
                                                          ///< it, or the key's model
  CallReport::Sign settings = CallReport::Sign::nothing;  ///< the workspace's; of providers only
  bool accepted = false;                                  ///< the peer did as asked
  bool evident = false;  ///< a rejection that counts as evidence by itself
};

/// How long a throttled peer is left alone: as long as it asks, or else a short while.
[[nodiscard]] std::chrono::milliseconds throttle_wait(PeerKind kind, const Answer& answer);

[[nodiscard]] Signs signs_of(PeerKind kind, Finding finding);

/// What is known of a peer and of the job when an answer is judged.
struct Circumstances {
  /// Whose fault it is if it may be more than the job's: by evidence, or by whose the key is.
  Scope scope = Scope::job;
  bool last_attempt = false;
  /// The peer's breaker is open, or was opened by this answer.
  bool is_open = false;
  /// The peer accepted something of another job since this job's previous attempt.
  bool neighbour_accepted = false;
  /// The peer has been down for longer than jobs wait for it without using attempts.
  bool outage_counts = false;
};

/// Says what becomes of a job after an answer: the tables of outcomes, row by row. Pure. The
/// result's step is `generate` or `deliver`.
[[nodiscard]] AttemptResult judge(PeerKind kind,
                                  const Answer& answer,
                                  const Circumstances& circumstances);

}  // namespace autoreply

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "job/scope.h"

namespace autoreply {

/// What one attempt came to, before the rules of retrying are applied to it.
struct Verdict {
  enum class Kind {
    delivered,    ///< the host took the reply
    skip,         ///< there is nothing to send
    retry,        ///< failed now, may succeed later; uses the attempt
    reject,       ///< will never succeed
    defer,        ///< not the customer's fault: later, without using the attempt
    in_doubt,     ///< transmitted, and no definite answer came
    not_started,  ///< given back before anything irreversible
    lost,         ///< the claim token no longer holds: write nothing
  };

  Kind kind = Kind::retry;
  std::string step;    ///< the stage that says so: "context", "generate", "record", "deliver"
  std::string reason;  ///< one line without keys and phone numbers
  /// How long the peer asked to be left alone; empty if it did not say.
  std::optional<std::chrono::milliseconds> wait = std::nullopt;
  /// Of `defer` and `in_doubt`: who must mend something; `job`: no one.
  Scope scope = Scope::job;
  /// False for an `in_doubt` that an outage has caused, and not this job.
  bool uses_attempt = true;
  /// This attempt's recorded transmission certainly did not go out.
  bool took_back_send = false;
};

[[nodiscard]] inline Verdict verdict(Verdict::Kind kind,
                                     std::string step,
                                     std::string reason,
                                     std::optional<std::chrono::milliseconds> wait = std::nullopt) {
  return Verdict{kind, std::move(step), std::move(reason), wait};
}

}  // namespace autoreply

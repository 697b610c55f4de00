#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "job/breaker.h"

namespace autoreply {

/// What one attempt came to, before the rules of retrying are applied to it.
struct Verdict {
  enum class Kind {
    delivered,    ///< the host took the reply
    skip,         ///< there is nothing to send
    retry,        ///< failed now, may succeed later; uses the attempt
    reject,       ///< will never succeed
    defer,        ///< nobody's fault who is waiting: later, without using the attempt
    in_doubt,     ///< transmitted, and no definite answer came
    not_started,  ///< given back before anything irreversible
    lost,         ///< the claim token no longer holds: write nothing
  };

  Kind kind = Kind::retry;
  std::string step;    ///< the stage that says so: "context", "generate", "record", "deliver"
  std::string reason;  ///< one line without keys and phone numbers
  /// How long the other side asked to be left alone, where it said so.
  std::optional<std::chrono::milliseconds> wait = std::nullopt;
  /// What a provider's answer tells about the provider and the key, where one was asked.
  CallReport::Result said = CallReport::Result::nothing;
  /// False for `in_doubt` where nobody's fault who is waiting brought the doubt about.
  bool uses_attempt = true;
};

[[nodiscard]] inline Verdict verdict(Verdict::Kind kind,
                                     std::string step,
                                     std::string reason,
                                     std::optional<std::chrono::milliseconds> wait = std::nullopt) {
  return Verdict{kind, std::move(step), std::move(reason), wait};
}

}  // namespace autoreply

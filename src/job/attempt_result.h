#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "job/scope.h"
#include "job/waits_for.h"

namespace autoreply {

/// The part of an attempt that ended it. Its name begins the text in the row's `error`.
enum class Step { claim, context, generate, record, deliver, run };

[[nodiscard]] std::string_view to_string(Step step);

/// Begins the reason of an attempt that the workspace's fallback answered.
inline constexpr std::string_view kByFallback = "fallback: ";
/// Begins the reason if a provider's text was cut off by the token limit.
inline constexpr std::string_view kAnswerCut = "answer cut at ";
/// Begins the reason if a provider's answer had no text.
inline constexpr std::string_view kAnswerEmpty = "answer empty: ";
/// Begins the reason if it had none because all tokens went into reasoning.
inline constexpr std::string_view kAnswerSpent = "answer empty: all ";

/// What a job's row tells of the attempt before.
struct PreviousAttempt {
  bool failed_to_generate = false;  ///< it got no reply from a provider
  bool was_cut_or_empty = false;    ///< the provider's text was
  bool ran_out_of_tokens = false;   ///< and that because of the token limit
  bool by_fallback = false;         ///< the workspace's fallback was asked
};
/// Reads the column `error`, which holds `<step>: <reason>`. Existing rows hold these words, so
/// none may be reworded. Any other text tells nothing.
[[nodiscard]] PreviousAttempt previous_attempt(std::string_view error);

/// How one attempt ended. `decide` turns it into an outcome by the retry rules.
struct AttemptResult {
  enum class Kind {
    delivered,    ///< the host took the reply
    skip,         ///< there is nothing to send
    retry,        ///< failed now, may succeed later; uses an attempt
    reject,       ///< will never succeed
    defer,        ///< not the customer's fault: try later, without using an attempt
    in_doubt,     ///< transmitted, but no definite answer came
    not_started,  ///< given back before anything irreversible
    lost,         ///< the claim token no longer holds: write nothing
  };
  using Wait = std::optional<std::chrono::milliseconds>;

  Kind kind = Kind::retry;
  Step step = Step::run;
  std::string reason{};  ///< one line without keys and phone numbers
  /// How long the peer asked to be left alone; empty if it did not say.
  Wait wait{};
  /// `defer`, `in_doubt`: who must fix something; `job`: no one.
  Scope scope = Scope::job;
  /// False for an `in_doubt` caused by an outage, not by this job.
  bool uses_attempt = true;
  /// `defer`: what must change before the job can go on.
  WaitsFor waits_for = WaitsFor::nothing;
  /// The transmission that this attempt recorded certainly did not go out.
  bool took_back_send = false;

  [[nodiscard]] static AttemptResult delivered(Step step) { return {Kind::delivered, step}; }
  [[nodiscard]] static AttemptResult skip(Step step, std::string reason) {
    return {Kind::skip, step, std::move(reason)};
  }
  [[nodiscard]] static AttemptResult retry(Step step, std::string reason, Wait wait = {}) {
    return {Kind::retry, step, std::move(reason), wait};
  }
  [[nodiscard]] static AttemptResult reject(Step step, std::string reason) {
    return {Kind::reject, step, std::move(reason)};
  }
  [[nodiscard]] static AttemptResult defer(Step step,
                                           std::string reason,
                                           Wait wait = {},
                                           Scope scope = Scope::job) {
    return {Kind::defer, step, std::move(reason), wait, scope};
  }
  [[nodiscard]] static AttemptResult in_doubt(Step step, std::string reason) {
    return {Kind::in_doubt, step, std::move(reason)};
  }
  [[nodiscard]] static AttemptResult not_started(Step step, std::string reason = {}) {
    return {Kind::not_started, step, std::move(reason)};
  }
  [[nodiscard]] static AttemptResult lost(Step step, std::string reason) {
    return {Kind::lost, step, std::move(reason)};
  }
};

}  // namespace autoreply

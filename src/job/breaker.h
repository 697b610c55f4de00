#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "job/job.h"

namespace autoreply {

/// A moment by the database's clock, in milliseconds since 1970.
using DatabaseTime = std::int64_t;

/// What keeps calls from a provider key, or from the callback, that is known to be down, throttled
/// or refused. It lives in the database, so that no run has to learn of an outage again. All
/// functions here are pure.
struct Breaker {
  /// The jobs of the failures since the last success, each once; empty while open.
  std::vector<std::string> failed_jobs;
  std::optional<DatabaseTime> opened_at;  ///< empty: closed
  DatabaseTime changed_at = 0;            ///< when it last opened, closed, or had a probe fail
  DatabaseTime probe_at = 0;              ///< while open: when the next probe may begin
  std::chrono::milliseconds pause{0};     ///< while open: between the last two probes
  /// While a probe is under way: until when nobody else begins one. A prober that is killed keeps
  /// the others from it no longer.
  std::optional<DatabaseTime> probing_until;
  /// Nothing is called before: the other side asked to be left alone for so long, or refused the
  /// key.
  std::optional<DatabaseTime> blocked_until;
  /// While it is being loaded again after a trouble: how many jobs may be in flight; 0: any number.
  int in_flight_max = 0;
  int successes = 0;  ///< since `in_flight_max` last grew

  [[nodiscard]] bool is_open() const { return opened_at.has_value(); }
  /// Whether a success would change nothing.
  [[nodiscard]] bool is_clean() const {
    return !is_open() && failed_jobs.empty() && !blocked_until && in_flight_max == 0;
  }
  bool operator==(const Breaker&) const = default;
};

struct BreakerRules {
  std::size_t failures_max = 5;  ///< consecutive ones of different jobs open it
  std::chrono::milliseconds pause_first{5'000};
  std::chrono::milliseconds pause_max{300'000};
  /// After a trouble 1, 2, 4 … jobs are let through at a time, not all that have been waiting.
  bool slow_start = false;
  int in_flight_end = 64;  ///< more at a time than this is any number
  bool operator==(const BreakerRules&) const = default;
};

inline constexpr BreakerRules kCallbackRules{.failures_max = 5};
inline constexpr BreakerRules kProviderRules{.failures_max = 3, .slow_start = true};

/// What a call, or a job that was to make one, tells about the other side.
struct CallReport {
  enum class Result {
    up,         ///< a definite answer, whatever it was
    down,       ///< a refusal for now, or no definite answer
    throttled,  ///< too many calls of this key
    refused,    ///< the key or the account behind it
    nothing,    ///< no call was made
  };

  JobId job;
  Result result = Result::nothing;
  DatabaseTime began_at = 0;          ///< of the call
  bool probe = false;                 ///< the job was let through to try
  std::chrono::milliseconds wait{0};  ///< how long nothing may be called; 0: the answer names none
};

/// The breaker after a report. A call that began before the last change says nothing, but for how
/// long the other side wants to be left alone.
[[nodiscard]] Breaker after_report(Breaker breaker,
                                   const CallReport& report,
                                   DatabaseTime now,
                                   const BreakerRules& rules);

/// Which jobs the breaker lets through.
struct Admission {
  enum class Kind {
    all,
    few,        ///< while no more than `in_flight_max` are in flight
    one_probe,  ///< one, picked at random
    none,
  };
  Kind kind = Kind::all;
  int in_flight_max = 0;
  bool operator==(const Admission&) const = default;
};

[[nodiscard]] Admission admission(const Breaker& breaker, DatabaseTime now);

/// The breaker with a probe under way for at most `lease`.
[[nodiscard]] Breaker with_probe(Breaker breaker,
                                 DatabaseTime now,
                                 std::chrono::milliseconds lease);

}  // namespace autoreply

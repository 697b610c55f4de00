#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "job/database_time.h"
#include "job/job.h"
#include "job/scope.h"

namespace autoreply {

/// A call that found its peer down.
struct Failure {
  std::string job;
  std::string workspace_id{};
  bool operator==(const Failure&) const = default;
};

/// A rejection that may say more of the peer than of the job: whose fault it is shows in who else
/// was rejected.
struct Rejection {
  std::string job;
  std::string workspace_id{};
  std::string contact_id{};
  std::string words{};      ///< as in `Answer`
  DatabaseTime at = 0;      ///< when it was reported
  bool evident = false;     ///< it counts by itself, and not only if many get it in the same words
  bool in_row = false;      ///< many contacts in a row got it in the same words
  int attempt = 1;          ///< of the job
  int attempts_before = 0;  ///< what `attempts` was before this one
  bool operator==(const Rejection&) const = default;
};

/// The state of a peer, or of a workspace's settings, that keeps jobs from calls that are known not
/// to work. It lives in the database, so that no run has to learn of an outage again. All functions
/// here are pure.
struct Breaker {
  enum class Cause { down, refused };

  /// The calls that found the peer down since it last answered; empty while open.
  std::vector<Failure> failures{};
  std::optional<DatabaseTime> opened_at{};  ///< empty: closed
  DatabaseTime changed_at = 0;              ///< when it last opened, closed, or had a probe fail
  DatabaseTime probe_at = 0;                ///< while open: when the next probe may begin
  std::chrono::milliseconds pause{0};       ///< while open: between the last two probes
  /// While a probe is under way: until when no other begins. A prober that is killed keeps the
  /// others from it no longer.
  std::optional<DatabaseTime> probing_until{};
  /// Nothing is called before: the peer asked to be left alone for so long.
  std::optional<DatabaseTime> blocked_until{};
  /// While it is being loaded again after a trouble: how many jobs may be in flight; 0: any number.
  int in_flight_max = 0;
  int successes = 0;  ///< since `in_flight_max` last grew

  Cause cause = Cause::down;  ///< while open
  Scope scope = Scope::job;   ///< while open because of a refusal: whose fault it is
  std::string reason{};       ///< while open: for people, one line
  std::string words{};        ///< while open because of rejections: what they had in common
  std::string last_failed{};  ///< while open: the workspace whose call failed last
  std::optional<DatabaseTime> failing_since{};  ///< when the first of the failures came
  /// When the peer last did as asked, and for which job; empty: never.
  std::optional<DatabaseTime> accepted_at{};
  std::string accepted_job{};
  /// The newest rejections; those of a workspace go when the peer accepts something of it.
  std::vector<Rejection> rejections{};

  [[nodiscard]] bool is_open() const { return opened_at.has_value(); }
  /// Whether a success would change nothing but `accepted_at`.
  [[nodiscard]] bool is_clean() const {
    return !is_open() && failures.empty() && !blocked_until && in_flight_max == 0 &&
           rejections.empty();
  }
  bool operator==(const Breaker&) const = default;
};

struct BreakerRules {
  std::size_t failures_max = 5;         ///< consecutive ones of different jobs open it
  std::size_t failures_of_one_max = 3;  ///< likewise of one job
  std::chrono::milliseconds pause_first{5'000};
  std::chrono::milliseconds pause_max{300'000};
  /// A refused call costs nothing, and only a person ends its cause.
  std::chrono::milliseconds refused_pause_first{60'000};
  std::chrono::milliseconds refused_pause_max_operator{300'000};
  std::chrono::milliseconds refused_pause_max_workspace{900'000};
  /// After a trouble 1, 2, 4 … jobs are let through at a time, not all that have been waiting.
  bool slow_start = false;
  int in_flight_end = 64;  ///< more at a time than this is any number
  bool operator==(const BreakerRules&) const = default;
};

inline constexpr BreakerRules kCallbackRules{.failures_max = 5};
inline constexpr BreakerRules kProviderRules{.failures_max = 3, .slow_start = true};
/// Of settings, which can only be refused.
inline constexpr BreakerRules kSettingsRules{};

/// When a peer accepted something of which job.
struct Acceptance {
  DatabaseTime at = 0;
  std::string job;
};

/// What a call, or a job that was to make one, tells about the peer.
struct CallReport {
  /// What the call says of the peer.
  enum class Sign {
    up,         ///< a definite answer
    down,       ///< a refusal for now, or no definite answer
    throttled,  ///< too many calls
    refused,    ///< the key, the account behind it, or the settings
    rejected,   ///< a definite answer that may be the fault of more than this job
    nothing,    ///< no call was made
  };

  JobId job;
  Sign sign = Sign::nothing;
  DatabaseTime began_at = 0;          ///< of the call
  bool probe = false;                 ///< the job was let through to try
  std::chrono::milliseconds wait{0};  ///< how long nothing may be called; 0: the answer names none
  std::string workspace_id{};
  std::string contact_id{};
  bool accepted = true;      ///< `up`: the peer did as asked
  Scope scope = Scope::job;  ///< `refused`: whose fault; `rejected`: whose if it is not the job's
  std::string reason{};      ///< `refused`, `rejected`: for people, one line
  std::string words{};       ///< `rejected`: as in `Answer`
  bool evident = false;      ///< `rejected`: as in `Rejection`
  int attempt = 1;           ///< `rejected`: of the job
  int attempts_before = 0;   ///< `rejected`: as in `Rejection`
  bool lone_workspace = false;  ///< there is no other workspace that could be rejected
  std::optional<Acceptance> accepted_before{};  ///< what the reporter knows of and has not written
};

/// The breaker after a report. A call that began before the last change says nothing, but for how
/// long the peer wants to be left alone.
[[nodiscard]] Breaker after_report(Breaker breaker,
                                   const CallReport& report,
                                   DatabaseTime now,
                                   const BreakerRules& rules);

/// Whose fault the last rejection of `workspace_id` in these words is, as far as the rejections
/// show: `the_operator` stands for the owner of the key or token that the peer was called with.
[[nodiscard]] Scope scope_by_evidence(const Breaker& breaker,
                                      const std::string& workspace_id,
                                      const std::string& words,
                                      bool lone_workspace);

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

/// Whether a key was refused to this workspace alone: others were answered with it since.
[[nodiscard]] bool is_refused_alone(const Breaker& breaker, const std::string& workspace_id);

}  // namespace autoreply

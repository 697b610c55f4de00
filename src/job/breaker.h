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

/// A rejection that may say more about the peer than about the job. Whose fault it is depends on
/// who else was rejected.
struct Rejection {
  std::string job;
  std::string workspace_id{};
  std::string contact_id{};
  std::string words{};      ///< as in `Answer`
  DatabaseTime at = 0;      ///< when it was reported
  bool evident = false;     ///< counts by itself, even if few get it in the same words
  bool in_row = false;      ///< many contacts in a row got it in the same words
  int attempt = 1;          ///< of the job
  int attempts_before = 0;  ///< what `attempts` was before this one
  bool operator==(const Rejection&) const = default;
};

/// What is known about a peer, or about a workspace's settings. It keeps jobs from making calls
/// that are known to fail. It is stored in the database, so no run has to rediscover an outage.
/// All functions here are pure.
struct Breaker {
  enum class Cause { down, refused };

  /// The calls that found the peer down since it last answered; empty while open.
  std::vector<Failure> failures{};
  std::optional<DatabaseTime> opened_at{};  ///< empty: closed
  /// When it last opened, closed, was throttled, or had a probe fail.
  DatabaseTime changed_at = 0;
  DatabaseTime probe_at = 0;           ///< while open: when the next probe may begin
  std::chrono::milliseconds pause{0};  ///< while open: the pause before the next probe
  /// While a probe is under way: when another may begin, in case the prober was killed.
  std::optional<DatabaseTime> probing_until{};
  /// No calls before this time, because the peer asked to be left alone until then.
  std::optional<DatabaseTime> blocked_until{};
  /// During the slow start after trouble: how many jobs may be in flight; 0: any number.
  int in_flight_max = 0;
  int successes = 0;  ///< since `in_flight_max` last grew

  Cause cause = Cause::down;  ///< while open
  Scope scope = Scope::job;   ///< while open because of a refusal: whose fault it is
  std::string reason{};       ///< while open: for people, one line
  std::string words{};        ///< while open because of rejections: their common words
  std::string last_failed{};  ///< while open: the workspace whose call failed last
  std::optional<DatabaseTime> failing_since{};  ///< when the current series of failures began
  /// When the peer last did as asked, and for which job; empty: never.
  std::optional<DatabaseTime> accepted_at{};
  std::string accepted_job{};
  /// The newest rejections. Those of a workspace are dropped when the peer accepts something from
  /// it.
  std::vector<Rejection> rejections{};

  [[nodiscard]] bool is_open() const { return opened_at.has_value(); }
  /// Open because calls were refused for a reason that a person must fix.
  [[nodiscard]] bool is_refused() const { return is_open() && cause == Cause::refused; }
  /// Whether a success would change nothing but `accepted_at`.
  [[nodiscard]] bool is_clean() const {
    return !is_open() && failures.empty() && !blocked_until && in_flight_max == 0 &&
           rejections.empty();
  }
  bool operator==(const Breaker&) const = default;
};

struct BreakerRules {
  std::size_t failures_max = 5;         ///< this many different jobs in a row open it
  std::size_t failures_of_one_max = 3;  ///< so do this many failures of one job
  std::chrono::milliseconds pause_first{5'000};
  std::chrono::milliseconds pause_max{300'000};
  /// A refused call costs nothing, but only a person can remove its cause.
  std::chrono::milliseconds refused_pause_first{60'000};
  std::chrono::milliseconds refused_pause_max_operator{300'000};
  std::chrono::milliseconds refused_pause_max_workspace{900'000};
  /// After trouble, let 1, 2, 4 … jobs through at a time instead of all that have been waiting.
  bool slow_start = false;
  int in_flight_end = 64;  ///< beyond this many at a time there is no limit
  bool operator==(const BreakerRules&) const = default;
};

inline constexpr BreakerRules kCallbackRules{.failures_max = 5};
inline constexpr BreakerRules kProviderRules{.failures_max = 3, .slow_start = true};
/// For a workspace's settings, which may be refused but are never down.
inline constexpr BreakerRules kSettingsRules{};

/// A peer accepted something from a job.
struct Acceptance {
  DatabaseTime at = 0;
  std::string job;
};

/// What a call, or a job that made none after all, says about the peer.
struct CallReport {
  /// What the call says about the peer.
  enum class Sign {
    up,         ///< a definite answer
    down,       ///< a refusal for now, or no definite answer
    throttled,  ///< too many calls
    refused,    ///< the key, the account behind it, or the settings
    rejected,   ///< a definite answer whose cause may go beyond this job
    nothing,    ///< no call was made
  };

  JobId job;
  Sign sign = Sign::nothing;
  DatabaseTime began_at = 0;          ///< of the call
  bool probe = false;                 ///< the job was let through as the probe
  std::chrono::milliseconds wait{0};  ///< how long the peer must not be called; 0: it did not say
  std::string workspace_id{};
  std::string contact_id{};
  bool accepted = true;         ///< `up`: the peer did as asked
  Scope scope = Scope::job;     ///< `refused`: whose fault; `rejected`: whose, if not the job's
  std::string reason{};         ///< for people, one line
  std::string words{};          ///< `rejected`: as in `Answer`
  bool evident = false;         ///< `rejected`: as in `Rejection`
  int attempt = 1;              ///< `rejected`: of the job
  int attempts_before = 0;      ///< `rejected`: as in `Rejection`
  bool lone_workspace = false;  ///< no other workspace exists that could be rejected
  std::optional<Acceptance> accepted_before{};  ///< known to the reporter, not yet written
};

/// The breaker after a report. If the call began before the last change, only throttling, the wait
/// that the peer asks for and `accepted_before` count.
[[nodiscard]] Breaker after_report(Breaker breaker,
                                   const CallReport& report,
                                   DatabaseTime now,
                                   const BreakerRules& rules);

/// Whose fault the workspace's last rejection in these words is, judging by all rejections noted.
/// `the_operator` means the owner of the key or token that the peer was called with.
[[nodiscard]] Scope scope_by_evidence(const Breaker& breaker,
                                      const std::string& workspace_id,
                                      const std::string& words,
                                      bool lone_workspace);

/// Which jobs the breaker lets through.
struct Admission {
  enum class Kind {
    all,
    few,        ///< as long as at most `in_flight_max` are in flight
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

/// Whether a key was refused to this workspace alone, because others have since been accepted with
/// it.
[[nodiscard]] bool is_refused_alone(const Breaker& breaker, const std::string& workspace_id);

}  // namespace autoreply

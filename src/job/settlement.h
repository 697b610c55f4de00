#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "job/daily_budget.h"
#include "job/job.h"
#include "job/outcome.h"
#include "job/scope.h"
#include "job/waits_for.h"

namespace autoreply {

/// What the outcome writes into the job's row. Claim token and lease are always cleared.
struct Settlement {
  /// When a job that goes back to `pending` is due again.
  enum class Due {
    unchanged,   ///< as it was before the claim
    after_now,   ///< `delay` after the settlement
    after_send,  ///< `delay` after the last transmission began
  };

  JobId id;
  ClaimToken token;
  Outcome outcome = Outcome::completed;
  int attempts = 0;                   ///< the row's `attempts` afterwards
  std::optional<std::string> note{};  ///< the row's `outcome`; empty: unchanged
  std::optional<std::string> error{};
  Due due = Due::unchanged;
  std::chrono::milliseconds delay{0};
  Scope scope = Scope::job;                ///< as in `AttemptResult`
  WaitsFor waits_for = WaitsFor::nothing;  ///< as in `AttemptResult`
  /// The row's `sends` afterwards; empty: unchanged.
  std::optional<int> sends{};
  /// `released`: the time of the previous claim. Restoring it keeps this claim out of all limits.
  std::optional<std::string> claimed_before{};
  /// Ids of older messages that the reply also answers. Their waiting jobs end as superseded.
  std::vector<std::string> answered{};
  /// What the attempt has spent; empty if the workspace has no budget.
  std::optional<NewSpending> spent{};

  /// The row's `status` afterwards: "complete", "error" or "pending".
  [[nodiscard]] constexpr std::string_view status() const {
    switch (outcome) {
      case Outcome::completed:
      case Outcome::skipped:
        return "complete";
      case Outcome::failed:
        return "error";
      case Outcome::retried:
      case Outcome::deferred:
      case Outcome::released:
        break;
    }
    return "pending";
  }
};

}  // namespace autoreply

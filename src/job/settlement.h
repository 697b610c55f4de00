#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "job/job.h"
#include "job/outcome.h"
#include "job/scope.h"

namespace autoreply {

/// What the outcome leaves in the job's row. Claim token and lease are always cleared.
struct Settlement {
  /// When the job is due again, for those that go back to `pending`.
  enum class Due {
    unchanged,   ///< as it was before the claim
    after_now,   ///< `delay` after the settlement
    after_send,  ///< `delay` after the last transmission began
  };

  JobId id;
  ClaimToken token;
  Outcome outcome = Outcome::completed;
  int attempts = 0;                   ///< the row's `attempts` afterwards
  std::optional<std::string> note{};  ///< the row's `outcome`; empty: left as it is
  std::optional<std::string> error{};
  Due due = Due::unchanged;
  std::chrono::milliseconds delay{0};
  Scope scope = Scope::job;  ///< as in `AttemptResult`
  /// The row's `sends` afterwards; empty: as it is.
  std::optional<int> sends{};
  /// `released`: when the job was claimed before, so that this claim counts against no limit.
  std::optional<std::string> claimed_before{};
  /// Ids of older messages that the reply also answers: their waiting jobs end as superseded.
  std::vector<std::string> answered{};

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

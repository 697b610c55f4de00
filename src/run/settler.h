#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "claim/lease_keeper.h"
#include "job/attempt_result.h"
#include "job/job.h"
#include "job/settlement.h"
#include "run/summary.h"
#include "settle/retry_rules.h"

namespace autoreply {

class StoreBatchers;

/// Writes the results of jobs, counts and logs the outcomes, and then gives up the leases. The
/// next job begins meanwhile. Thread-safe.
class Settler final {
 public:
  /// A job whose attempt is over.
  struct Ended {
    ClaimedJob job;
    AttemptResult result;
    bool recorded = false;                ///< this attempt recorded a transmission
    std::vector<std::string> answered{};  ///< as in `Settlement`; used if delivered
    std::size_t segments = 0;             ///< of the reply as an SMS
    std::optional<NewSpending> spent{};   ///< as in `Settlement`
    double noise = 0.0;                   ///< from [-1, 1]; spreads retries over time
    std::string provider{};               ///< that was or would be asked; empty: not known
    std::string model{};
    std::chrono::milliseconds duration{0};  ///< of the attempt
  };

  /// `on_settled` is called for each job of `settle` once it is settled. It must not wait.
  Settler(StoreBatchers& store,
          LeaseKeeper& leases,
          const RetryRules& rules,
          Tally& tally,
          const Log& log,
          std::function<void()> on_settled)
      : store_(store),
        leases_(leases),
        rules_(rules),
        tally_(tally),
        log_(log),
        on_settled_(std::move(on_settled)) {}

  /// Hands in the result of a job. Does not wait for the database.
  void settle(Ended ended);

  /// Settles several jobs with as few round trips as possible, and waits for that.
  void settle_all(std::vector<Ended> jobs);

 private:
  void write(std::vector<Ended> jobs, const std::function<void()>& on_settled);
  void note(const Ended& ended, const Settlement& settlement, const Result<void>& written) noexcept;

  StoreBatchers& store_;
  LeaseKeeper& leases_;
  const RetryRules& rules_;
  Tally& tally_;
  const Log& log_;
  const std::function<void()> on_settled_;
};

}  // namespace autoreply

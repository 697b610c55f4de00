#pragma once

#include <string>
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

/// Writes the results of jobs, gives up their leases, and counts and logs the outcomes.
/// Thread-safe.
class Settler final {
 public:
  /// A job whose attempt is over.
  struct Ended {
    ClaimedJob job;
    AttemptResult result;
    bool recorded = false;                ///< this attempt recorded a transmission
    std::vector<std::string> answered{};  ///< as in `Settlement`; used if delivered
    double noise = 0.0;                   ///< from [-1, 1]; spreads retries over time
  };

  Settler(StoreBatchers& store,
          LeaseKeeper& leases,
          const RetryRules& rules,
          Tally& tally,
          const Log& log)
      : store_(store), leases_(leases), rules_(rules), tally_(tally), log_(log) {}

  void settle(const Ended& ended);

  /// The same for several jobs, with as few round trips as possible.
  void settle_all(const std::vector<Ended>& jobs);

 private:
  void note(const Ended& ended, const Settlement& settlement, const Result<void>& written);

  StoreBatchers& store_;
  LeaseKeeper& leases_;
  const RetryRules& rules_;
  Tally& tally_;
  const Log& log_;
};

}  // namespace autoreply

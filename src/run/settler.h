#pragma once

#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "job/job.h"
#include "job/settlement.h"
#include "job/verdict.h"
#include "run/store_batchers.h"
#include "run/summary.h"
#include "settle/decide.h"

namespace autoreply {

/// Writes what became of jobs, and counts and logs it. Thread-safe.
class Settler final {
 public:
  /// A job whose attempt is over.
  struct Ended {
    ClaimedJob job;
    Verdict verdict;
    bool recorded = false;  ///< this attempt recorded a transmission
    double noise = 0.0;     ///< from [-1, 1], spreads the delay
  };

  Settler(StoreBatchers& store, const RetryRules& rules, Tally& tally, const Log& log)
      : store_(store), rules_(rules), tally_(tally), log_(log) {}

  void settle(const Ended& ended);

  /// The same for several at once, with as few round trips as possible.
  void settle_all(const std::vector<Ended>& jobs);

 private:
  void note(const Ended& ended, const Settlement& settlement, const Result<bool>& held);

  StoreBatchers& store_;
  const RetryRules& rules_;
  Tally& tally_;
  const Log& log_;
};

}  // namespace autoreply

#pragma once

#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

#include "base/result.h"
#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "claim/lease_keeper.h"
#include "store/job_store.h"

namespace autoreply {

/// Claims due jobs for a run. Not thread-safe. The store must outlive it.
class Claimer final {
 public:
  Claimer(JobStore& store, ClaimRules rules) : store_(store), rules_(std::move(rules)) {}

  /// Claims at most `limit` jobs under a fresh token and has `keeper` renew their leases. If other
  /// runs hold the claim lock for too long, tries again after a random pause. Returns `busy` after
  /// three tries, or earlier if `stop` is requested.
  [[nodiscard]] Result<Claim> claim(int limit, LeaseKeeper& keeper, const std::stop_token& stop);

  /// Returns the jobs that a claim would take now. Claims and starts them in a transaction that is
  /// rolled back.
  [[nodiscard]] Result<std::vector<PreviewedJob>> preview(int limit);

  /// Counts the due jobs that match the run's rules.
  [[nodiscard]] Result<Waiting> count_waiting();

 private:
  [[nodiscard]] Result<Claim> claim_once(int limit);
  [[nodiscard]] Result<void> with_keys_read(
      const std::function<Result<void>(const ClaimRules&)>& work);

  JobStore& store_;
  ClaimRules rules_;
};

}  // namespace autoreply

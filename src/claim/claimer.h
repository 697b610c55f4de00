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

/// Takes due jobs for a run. One thread at a time; the store outlives it.
class Claimer final {
 public:
  Claimer(JobStore& store, ClaimRules rules) : store_(store), rules_(std::move(rules)) {}

  /// Claims at most `limit` jobs under a fresh token and has `keeper` renew their leases. If other
  /// runs hold the turn for too long it tries again after a random pause, and gives up with `busy`
  /// after a few times or when `stop` says so.
  [[nodiscard]] Result<Claim> claim(int limit, LeaseKeeper& keeper, const std::stop_token& stop);

  /// Does what a claim and the start of its jobs would do in a transaction that is rolled back.
  [[nodiscard]] Result<std::vector<PreviewedJob>> preview(int limit);

  /// What waits for the run's claims.
  [[nodiscard]] Result<Waiting> count_waiting();

 private:
  [[nodiscard]] Result<Claim> claim_once(int limit);
  [[nodiscard]] Result<void> with_keys_read(const std::function<Result<void>()>& work);

  JobStore& store_;
  ClaimRules rules_;
};

}  // namespace autoreply

#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <utility>

#include "base/result.h"
#include "claim/lease_keeper.h"
#include "job/job.h"
#include "store/job_store.h"

namespace autoreply {

/// What all claims of a run have in common.
struct ClaimRules {
  std::chrono::milliseconds lease{};
  std::chrono::milliseconds probe_lease{};
  int max_attempts = 0;
  JobFilter filter;
  // As in `ClaimRequest`:
  Peer callback;
  RouteOf route_of;
  std::chrono::milliseconds max_age{0};
  ClaimLimits limits;
  bool coalesce = false;
};

/// Takes due jobs for a run. One thread at a time; store and keeper must outlive it.
class Claimer final {
 public:
  Claimer(JobStore& store, LeaseKeeper& keeper, ClaimRules rules)
      : store_(store), keeper_(keeper), rules_(std::move(rules)) {}

  /// Claims at most `limit` jobs under a fresh token and has their leases kept. Where other runs
  /// held the turn for too long it tries again after a random pause, and gives up with `busy` after
  /// a few times or when `stop` says so.
  [[nodiscard]] Result<Claim> claim(int limit, const std::stop_token& stop);

  /// What waits for the run's claims.
  [[nodiscard]] Result<Waiting> count_waiting();

 private:
  [[nodiscard]] ClaimRequest request(int limit) const;

  JobStore& store_;
  LeaseKeeper& keeper_;
  ClaimRules rules_;
};

}  // namespace autoreply

#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "run/breaker_reports.h"
#include "store/job_store.h"

namespace autoreply::test {

/// One claim, and the rules that it follows.
struct ClaimRequest : ClaimRules {
  ClaimToken token;
  int limit = 100;
};

/// A request under a fresh token.
[[nodiscard]] ClaimRequest claim_request(int limit = 100);

/// What a run does with its store, once and without trying again.
[[nodiscard]] Result<Claim> claim_from(JobStore& store, const ClaimRequest& request);
[[nodiscard]] Result<std::vector<PreviewedJob>> preview_of(JobStore& store,
                                                           const ClaimRequest& request);
[[nodiscard]] Result<Waiting> waiting_in(JobStore& store, const ClaimRequest& request);
[[nodiscard]] Result<std::vector<Reported>> report_to(JobStore& store,
                                                      std::span<const BreakerReport> reports);

}  // namespace autoreply::test

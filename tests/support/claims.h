#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "store/job_store.h"

namespace autoreply::test {

/// The arguments of one claim.
struct ClaimRequest : ClaimRules {
  ClaimToken token;
  int limit = 100;
};

/// Returns a request with a fresh token.
[[nodiscard]] ClaimRequest claim_request(int limit = 100);

// These call a store as a run does, but never retry after `busy`.
[[nodiscard]] Result<Claim> claim_from(JobStore& store, const ClaimRequest& request);
[[nodiscard]] Result<std::vector<PreviewedJob>> preview_of(JobStore& store,
                                                           const ClaimRequest& request);
[[nodiscard]] Result<Waiting> waiting_in(JobStore& store, const ClaimRequest& request);

}  // namespace autoreply::test

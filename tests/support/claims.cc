#include "support/claims.h"

#include "base/uuid.h"
#include "claim/claim_jobs.h"
#include "claim/claimer.h"

namespace autoreply::test {

ClaimRequest claim_request(int limit) {
  ClaimRequest request;
  request.token = {random_uuid()};
  request.limit = limit;
  request.lease = request.probe_lease = std::chrono::minutes(2);
  request.max_attempts = 3;
  return request;
}

Result<Claim> claim_from(JobStore& store, const ClaimRequest& request) {
  Claim claim;
  auto refused = store.claim([&](ClaimStatements& statements) {
    claim = claim_jobs(request, request.token, request.limit, statements);
  });
  if (!refused) return fail(refused.error());
  claim.refused = std::move(*refused);
  return claim;
}

Result<std::vector<PreviewedJob>> preview_of(JobStore& store, const ClaimRequest& request) {
  const ClaimRules& rules = request;
  return Claimer(store, rules).preview(request.limit);
}

Result<Waiting> waiting_in(JobStore& store, const ClaimRequest& request) {
  const ClaimRules& rules = request;
  return Claimer(store, rules).count_waiting();
}

}  // namespace autoreply::test

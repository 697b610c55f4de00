#pragma once

#include <span>
#include <vector>

#include "store/claim_statements.h"
#include "store/job_store.h"

namespace autoreply {

// What a claim comes to is the same on every database; only the statements differ.

/// One claim, under the claim lock: as the breakers admit it and the limits allow, workspaces in
/// turn.
[[nodiscard]] Claim claim_jobs(const ClaimRequest& request, ClaimStatements& statements);

/// What waits, and for what.
[[nodiscard]] Waiting count_waiting_jobs(const ClaimRequest& request, ClaimStatements& statements);

}  // namespace autoreply

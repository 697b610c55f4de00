#pragma once

#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// Claims at most `limit` due jobs (1 to 1,000), under the claim lock. Workspaces take turns, going
/// on where the last claim of any run stopped; within one the longest due goes first; no two jobs
/// of a contact are in flight. What a limit or a breaker keeps from being claimed is left as it is.
/// Under the callback's open breaker nothing is taken, or, when a probe is due, one job picked at
/// random: rather one whose reply was never sent. Under a provider's, the same holds for jobs
/// without a recorded reply. Throws `UnreadKeys`, and what the statements throw.
[[nodiscard]] Claim claim_jobs(const ClaimRules& rules,
                               const ClaimToken& token,
                               int limit,
                               ClaimStatements& statements);

}  // namespace autoreply

#pragma once

#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// Claims at most `limit` due jobs (1 to 1,000). Requires the claim lock. Workspaces take turns,
/// and the turns continue after the workspace where the last claim of any run stopped. Within a
/// workspace, the job that has been due longest goes first. No two jobs of a contact are in flight.
///
/// Jobs that a limit or a breaker holds back are not claimed. If the callback's breaker is open, no
/// jobs are claimed. If its probe is due, one random job is claimed, preferably one whose reply was
/// never sent. If a provider's breaker is open, the same holds for jobs without a recorded reply.
/// Expired jobs and jobs in doubt may still be claimed with `calls_nobody`, to be ended or looked
/// up.
///
/// Throws `UnreadKeys` and the exceptions of `statements`.
[[nodiscard]] Claim claim_jobs(const ClaimRules& rules,
                               const ClaimToken& token,
                               int limit,
                               ClaimStatements& statements);

}  // namespace autoreply

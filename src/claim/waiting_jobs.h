#pragma once

#include <vector>

#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// Fills in what a closed breaker tells about the jobs that it holds.
[[nodiscard]] Hold hold_by(const NamedBreaker& breaker, Hold hold);

/// Adds a hold unless there is one for the same jobs and the same reason.
void add_hold(std::vector<Hold>& holds, Hold hold);

/// Counts the due jobs that match the rules, and those that limits and breakers hold back. Throws
/// `UnreadKeys` and the exceptions of `statements`.
[[nodiscard]] Waiting count_waiting_jobs(const ClaimRules& rules, ClaimStatements& statements);

}  // namespace autoreply

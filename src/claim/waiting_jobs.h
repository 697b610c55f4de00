#pragma once

#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// Counts the due jobs that match the rules, and those that limits and breakers hold back. Throws
/// `UnreadKeys` and the exceptions of `statements`.
[[nodiscard]] Waiting count_waiting_jobs(const ClaimRules& rules, ClaimStatements& statements);

}  // namespace autoreply

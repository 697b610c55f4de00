#pragma once

#include "claim/claim.h"
#include "claim/claim_rules.h"
#include "store/claim_statements.h"

namespace autoreply {

/// Counts the due jobs that match the rules, and what keeps a claim from them. Throws `UnreadKeys`,
/// and what the statements throw.
[[nodiscard]] Waiting count_waiting_jobs(const ClaimRules& rules, ClaimStatements& statements);

}  // namespace autoreply

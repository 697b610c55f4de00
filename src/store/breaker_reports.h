#pragma once

#include <span>
#include <vector>

#include "store/claim_statements.h"
#include "store/job_store.h"

namespace autoreply {

/// Counts reports into their breakers; one element a report, in order.
[[nodiscard]] std::vector<Reported> count_reports(std::span<const BreakerReport> reports,
                                                  ClaimStatements& statements);

}  // namespace autoreply

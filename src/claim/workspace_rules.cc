#include "claim/workspace_rules.h"

#include <algorithm>

#include "job/daily_budget.h"

namespace autoreply {

int room_of(const WorkspaceTerms& terms) {
  if (!terms.workspace_per_minute) return kAnyNumber;
  return std::max(0, *terms.workspace_per_minute - terms.claimed);
}

bool is_over_budget(const WorkspaceTerms& terms, const ClaimLimits& limits, DatabaseTime now) {
  if (terms.spent.empty()) return false;
  const auto budget = workspace_budget(terms.config, limits.daily_budget);
  if (!budget || !budget->limits()) return false;
  return is_used_up(*budget, terms.spent, workspace_day(terms.config, limits.timezone, now));
}

bool is_reached(const std::optional<int>& limit, int count) {
  return limit && count >= *limit;
}

}  // namespace autoreply

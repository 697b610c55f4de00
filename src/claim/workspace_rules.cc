#include "claim/workspace_rules.h"

#include <algorithm>
#include <optional>

#include "job/daily_budget.h"

namespace autoreply {
namespace {

bool is_reached(const std::optional<int>& limit, int count) {
  return limit && count >= *limit;
}

}  // namespace

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

bool is_throttled(const WaitingContact& contact, const WorkspaceTerms& terms) {
  return room_of(terms) == 0 || is_reached(terms.contact_per_minute, contact.in_minute) ||
         is_reached(terms.contact_per_hour, contact.in_hour);
}

}  // namespace autoreply

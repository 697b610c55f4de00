#include "claim/workspace_rules.h"

#include <algorithm>
#include <optional>

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

bool is_throttled(const WaitingContact& contact, const WorkspaceTerms& terms) {
  return room_of(terms) == 0 || is_reached(terms.contact_per_minute, contact.in_minute) ||
         is_reached(terms.contact_per_hour, contact.in_hour);
}

}  // namespace autoreply

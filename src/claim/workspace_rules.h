#pragma once

#include <limits>

#include "store/claim_statements.h"

namespace autoreply {

// The rules that keep jobs of a workspace from being claimed although its peers work. Pure.

inline constexpr int kAnyNumber = std::numeric_limits<int>::max();

/// How many more of the workspace's jobs may be claimed now.
[[nodiscard]] int room_of(const WorkspaceTerms& terms);

/// Whether a limit keeps the contact's jobs from being claimed now.
[[nodiscard]] bool is_throttled(const WaitingContact& contact, const WorkspaceTerms& terms);

}  // namespace autoreply

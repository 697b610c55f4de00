#pragma once

#include <limits>
#include <optional>

#include "store/claim_statements.h"

namespace autoreply {

// The limits that keep a workspace's jobs unclaimed even if its peers work. Pure.

inline constexpr int kAnyNumber = std::numeric_limits<int>::max();

/// How many more jobs of the workspace may be claimed now.
[[nodiscard]] int room_of(const WorkspaceTerms& terms);

/// Whether the workspace has used up its budget of the day. Its jobs may then call no provider. A
/// budget that cannot be read holds no jobs here: each then says so itself.
[[nodiscard]] bool is_over_budget(const WorkspaceTerms& terms,
                                  const ClaimLimits& limits,
                                  DatabaseTime now);

/// Whether `count` jobs use up a limit. An empty limit is none.
[[nodiscard]] bool is_reached(const std::optional<int>& limit, int count);

}  // namespace autoreply

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// The version of the schema that this program reads and writes.
inline constexpr int kSchemaVersion = 1;

/// What a store found out about its database before the first claim.
struct Readiness {
  bool schema_table = false;         ///< the table with our schema version exists
  std::vector<std::string> missing;  ///< tables of the host that do not exist
  std::vector<std::string> hidden;   ///< tables whose rows row security would hide
};

[[nodiscard]] Result<Readiness> parse_readiness(std::string_view json);

/// Returns `misconfigured` with what to do where a run may not begin.
[[nodiscard]] Result<void> judge_readiness(const Readiness& readiness, int schema_version);

}  // namespace autoreply

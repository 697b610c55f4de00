#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// The version of the schema that this program reads and writes.
inline constexpr int kSchemaVersion = 4;

/// What a store learned about its database before the first claim.
struct Readiness {
  bool schema_table = false;         ///< the table with our schema version exists
  std::vector<std::string> missing;  ///< tables of the host that do not exist
  std::vector<std::string> hidden;   ///< tables whose rows row security would hide
  bool schema_readable = true;       ///< our role may read our schema version
  std::string role{};                ///< the session's role
};

[[nodiscard]] Result<Readiness> parse_readiness(std::string_view json);

/// Returns `misconfigured`, with what to do, if a run may not begin.
[[nodiscard]] Result<void> judge_readiness(const Readiness& readiness, int schema_version);

/// What `migrate` reports after it created the host's tables.
inline constexpr std::string_view kHostTablesCreated =
    "created the host's tables, because the database had none of them";

/// Returns `misconfigured` if `migrate` may not go on: the schema is newer, or only some of the
/// host's tables exist. If none exist, the database counts as empty.
[[nodiscard]] Result<void> judge_relations(const std::vector<std::string>& existing,
                                           const std::vector<std::string>& missing,
                                           int schema_version);

/// The error for a queue that is a view or a partitioned table.
[[nodiscard]] Result<void> queue_is_no_table(std::string_view queue);

}  // namespace autoreply

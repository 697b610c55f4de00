#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// The version of the schema that this program reads and writes.
inline constexpr int kSchemaVersion = 4;

/// What a store found out about its database before the first claim.
struct Readiness {
  bool schema_table = false;         ///< the table with our schema version exists
  std::vector<std::string> missing;  ///< tables of the host that do not exist
  std::vector<std::string> hidden;   ///< tables whose rows row security would hide
  bool schema_readable = true;       ///< by our role
  std::string role{};                ///< that the session speaks for
};

[[nodiscard]] Result<Readiness> parse_readiness(std::string_view json);

/// Returns `misconfigured` with what to do where a run may not begin.
[[nodiscard]] Result<void> judge_readiness(const Readiness& readiness, int schema_version);

/// What `migrate` says when it made the host's tables.
inline constexpr std::string_view kHostTablesCreated =
    "created the host's tables, since the database had none of them";

/// Returns `misconfigured` where `migrate` may not go on: a newer schema, or some of the host's
/// tables without the others (none at all is an empty database).
[[nodiscard]] Result<void> judge_relations(const std::vector<std::string>& existing,
                                           const std::vector<std::string>& missing,
                                           int schema_version);

/// The error for a queue that is a view or a partitioned table.
[[nodiscard]] Result<void> queue_is_no_table(std::string_view queue);

}  // namespace autoreply

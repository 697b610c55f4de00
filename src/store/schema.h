#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace autoreply {

/// What `migrate` has made of a database, as the table `autoreply_schema` records it. A program
/// runs on any schema of its own version that is not older than it.
struct SchemaVersion {
  int version = 0;   ///< 0: never migrated. Programs of another version may not run.
  int revision = 0;  ///< counts what was added since; older programs do without

  [[nodiscard]] std::string text() const;
  // clang-tidy takes the zero with which the compiler compares for a null pointer.
  auto operator<=>(const SchemaVersion&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// The schema that this program makes, and the oldest that it runs on.
inline constexpr SchemaVersion kSchema{.version = 4, .revision = 4};

/// The statement that records it.
[[nodiscard]] std::string note_schema_sql();

/// What `migrate` reports of a schema that it leaves as it is.
[[nodiscard]] std::string nothing_to_do(SchemaVersion schema);

/// Reads what `schema_version.sql` returns, such as "4.1".
[[nodiscard]] SchemaVersion parse_schema_version(std::string_view text);

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
[[nodiscard]] Result<void> judge_readiness(const Readiness& readiness, SchemaVersion schema);

/// What `migrate` reports after it created the host's tables.
inline constexpr std::string_view kHostTablesCreated =
    "created the host's tables, because the database had none of them";

/// Returns `misconfigured` if `migrate` may not go on: the schema is of a newer version, or only
/// some of the host's tables exist. If none exist, the database counts as empty.
[[nodiscard]] Result<void> judge_relations(const std::vector<std::string>& existing,
                                           const std::vector<std::string>& missing,
                                           SchemaVersion schema);

/// The error for a queue that is a view or a partitioned table.
[[nodiscard]] Result<void> queue_is_no_table(std::string_view queue);

}  // namespace autoreply

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/connection_facts.h"
#include "store/database_config.h"
#include "store/job_store.h"
#include "store/migration_progress.h"
#include "store/queue_inspector.h"

namespace autoreply {

/// Connects and returns a store of the database that the URL names. The first store of a run waits
/// at most 5 s, and only for a server that is not there yet, or is starting, stopping or full. A
/// later store waits up to `wait`, when it is first used. Errors: `misconfigured` for a malformed
/// URL, `unavailable` if no server answers.
[[nodiscard]] Result<std::unique_ptr<JobStore>> open_store(const DatabaseConfig& config);

/// Connects and returns an inspector of the database that the URL names. Waits and fails as the
/// first store of a run does. Returns `misconfigured`, with what to do, if the database is not
/// migrated.
[[nodiscard]] Result<std::unique_ptr<QueueInspector>> open_inspector(const DatabaseConfig& config);

/// Looks at the way to the database. SQLite has no pooler, and its locks exclude.
[[nodiscard]] Result<ConnectionFacts> connection_facts(const DatabaseConfig& config);

/// Brings the database to this version's schema; see "Migration" in the README. Idempotent.
/// Concurrent migrations take turns. Returns one line for each thing done. Tells `listener` how far
/// the building of an index is.
[[nodiscard]] Result<std::vector<std::string>> migrate(const DatabaseConfig& config,
                                                       const MigrationListener& listener = {});

/// Grants a role what a run needs on a migrated database. Returns a line about it. SQLite has no
/// roles: `misconfigured`.
[[nodiscard]] Result<std::vector<std::string>> grant_rights(const DatabaseConfig& config,
                                                            const std::string& role);

/// The SQL that `grant_rights` runs.
[[nodiscard]] Result<std::string> rights_sql(const DatabaseConfig& config, const std::string& role);

/// The SQL that `migrate` runs on an empty database of the URL's kind.
[[nodiscard]] Result<std::string> migration_sql(const DatabaseConfig& config);

}  // namespace autoreply

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database_config.h"
#include "store/migration_progress.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_session.h"

namespace autoreply {

/// Builds the indexes of the queue that are missing or whose build was broken off, and drops those
/// of earlier schemas that no statement uses any more. Each concurrently, so the host can write
/// meanwhile. Returns a line for each index that it built or dropped.
[[nodiscard]] Result<std::vector<std::string>> migrate_indexes(PostgresSession& session,
                                                               const DatabaseConfig& config,
                                                               const PlacedTables& tables,
                                                               const MigrationListener& listener);

}  // namespace autoreply

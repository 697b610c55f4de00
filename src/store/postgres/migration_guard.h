#pragma once

#include "base/result.h"
#include "store/database_config.h"
#include "store/postgres/postgres_session.h"

namespace autoreply {

// The checks that a migration makes before it begins.

/// Refuses a pooler that assigns server processes per transaction, because session locks and CREATE
/// INDEX CONCURRENTLY are not safe there, and a server whose advisory locks do not exclude, since
/// claims take turns by such a lock. Returns `misconfigured` with what to do.
[[nodiscard]] Result<void> require_fit_connection(PostgresSession& session,
                                                  const DatabaseConfig& config);

/// Waits until no other migration runs; `busy` after five minutes. `end_migration_turn` lets the
/// next migration begin.
[[nodiscard]] Result<void> take_migration_turn(PostgresSession& session);
[[nodiscard]] Result<void> end_migration_turn(PostgresSession& session);

}  // namespace autoreply

#pragma once

#include "base/result.h"
#include "store/connection_facts.h"
#include "store/database_config.h"
#include "store/postgres/postgres_session.h"

namespace autoreply {

/// Compares `session` with a second one of the same URL.
[[nodiscard]] Result<ConnectionFacts> postgres_connection_facts(PostgresSession& session,
                                                                const DatabaseConfig& config);

}  // namespace autoreply

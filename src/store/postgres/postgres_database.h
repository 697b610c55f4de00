#pragma once

#include <memory>

#include "base/result.h"
#include "store/database_config.h"
#include "store/sql_database.h"

namespace autoreply {

/// Connects to PostgreSQL. Errors: `misconfigured`, `unavailable`.
[[nodiscard]] Result<std::unique_ptr<SqlDatabase>> open_postgres_database(
    const DatabaseConfig& config);

}  // namespace autoreply

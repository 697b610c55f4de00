#pragma once

#include <memory>

#include "base/result.h"
#include "store/database_config.h"
#include "store/job_store.h"

namespace autoreply {

/// Connects to PostgreSQL and returns a store over that connection. Errors: `misconfigured`,
/// `unavailable`.
[[nodiscard]] Result<std::unique_ptr<JobStore>> open_postgres_store(const DatabaseConfig& config);

}  // namespace autoreply

#pragma once

#include <memory>

#include "store/database_config.h"
#include "store/job_store.h"
#include "store/sql_database.h"

namespace autoreply {

/// A store over one session of a database.
[[nodiscard]] std::unique_ptr<JobStore> make_sql_job_store(std::unique_ptr<SqlDatabase> database,
                                                           const DatabaseConfig& config);

}  // namespace autoreply

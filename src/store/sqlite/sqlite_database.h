#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/database_config.h"
#include "store/sql_database.h"

namespace autoreply {

/// Opens an existing file. Errors: `misconfigured`, `unavailable`.
[[nodiscard]] Result<std::unique_ptr<SqlDatabase>> open_sqlite_database(
    const std::string& path, const DatabaseConfig& config);

}  // namespace autoreply

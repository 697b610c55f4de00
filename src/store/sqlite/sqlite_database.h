#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/database_config.h"
#include "store/job_store.h"

namespace autoreply {

/// Opens an existing file and returns a store over it. Errors: `misconfigured`, `unavailable`.
[[nodiscard]] Result<std::unique_ptr<JobStore>> open_sqlite_store(const std::string& path,
                                                                  const DatabaseConfig& config);

}  // namespace autoreply

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database_config.h"

namespace autoreply {

/// Grants a role what a run needs on a migrated database, and no more. Returns a line about it.
/// Errors: those of a migration; `misconfigured` if there is no such role.
[[nodiscard]] Result<std::vector<std::string>> grant_run_rights(const DatabaseConfig& config,
                                                                const std::string& role);

/// The statements that do so, for tables that the search path finds.
[[nodiscard]] std::string run_grants_sql(const DatabaseConfig& config, const std::string& role);

}  // namespace autoreply

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/postgres/placed_tables.h"
#include "store/postgres/postgres_session.h"

namespace autoreply {

/// Makes the functions of `kept_plans`, gives them to the roles that may write our tables, and
/// drops those that neither this version nor the one before it calls. Returns lines for people. If
/// the role may not create functions, one of them says so; `run` does without.
[[nodiscard]] Result<std::vector<std::string>> migrate_functions(PostgresSession& session,
                                                                 const TableNames& tables);

}  // namespace autoreply

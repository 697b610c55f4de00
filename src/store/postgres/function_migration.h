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

/// The statements that make the functions in an empty database. Tables without a schema are taken
/// for those of `public`; if they lie elsewhere, `run` does not find the functions and does
/// without.
[[nodiscard]] std::string functions_sql(const TableNames& tables);

}  // namespace autoreply

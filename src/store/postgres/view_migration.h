#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/postgres/postgres_session.h"

namespace autoreply {

/// Makes the view `autoreply_waiting` anew and lets the host read it. A run does not need it: if it
/// cannot be made, returns a line that says why.
[[nodiscard]] Result<std::vector<std::string>> migrate_waiting_view(PostgresSession& session,
                                                                    const TableNames& tables);

/// The statements that make the view.
[[nodiscard]] std::string waiting_view_sql(const TableNames& tables, const std::string& prefix);

}  // namespace autoreply

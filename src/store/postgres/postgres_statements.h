#pragma once

#include "statements.h"
#include "store/postgres/placed_tables.h"

namespace autoreply {

/// The statements of the PostgreSQL store with every placeholder filled in.
[[nodiscard]] Statements postgres_statements(const PlacedTables& tables);

}  // namespace autoreply

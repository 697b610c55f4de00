#pragma once

#include <string>
#include <string_view>

#include "statements.h"
#include "store/postgres/placed_tables.h"

namespace autoreply {

/// The statements of the PostgreSQL store with every placeholder filled in. A statement whose plan
/// the database keeps calls its function.
[[nodiscard]] Statements postgres_statements(const PlacedTables& tables);

/// A text, or the text of one statement, with every placeholder filled in.
[[nodiscard]] std::string postgres_text(SqlStatement Statements::*statement,
                                        const PlacedTables& tables);
[[nodiscard]] std::string postgres_text(std::string_view sql, const PlacedTables& tables);

}  // namespace autoreply

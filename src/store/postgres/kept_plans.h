#pragma once

#include <string>
#include <vector>

#include "statements.h"
#include "store/postgres/placed_tables.h"

namespace autoreply {

/// A function of the database that does what a statement does. PostgreSQL plans the statement at
/// the first call in a session and keeps the plan. This works through a pooler. Without the
/// function it would plan at every call, which costs more than the statement itself.
///
/// The name ends in a hash of the text. The text holds the names of the host's tables, so a program
/// never finds a function that was made for other tables or by another version.
struct KeptPlan {
  SqlStatement Statements::*statement;
  std::string name;    ///< without the schema
  std::string create;  ///< the statement that creates the function or replaces it
  SqlStatement call;   ///< takes the parameters of the statement
};

/// The functions for the statements that a run repeats for every batch; none if these tables rule
/// functions out.
[[nodiscard]] std::vector<KeptPlan> kept_plans(const PlacedTables& tables);

}  // namespace autoreply

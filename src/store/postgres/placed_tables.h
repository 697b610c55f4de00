#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/database_config.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// The host's tables, and what the statements need to know about the queue besides its name.
struct PlacedTables : TableNames {
  /// The schema of the table under the queue. Our own tables live there too. Empty: there is no
  /// queue.
  std::string schema{};
  std::int64_t lock_key = 0;  ///< of the claim lock; a table and all its views share it
  std::string status_type = "pg_catalog.text";
  /// The names with their schemas, unless a part of a name holds a dot.
  TableNames qualified{};
  /// Why the database cannot keep the plans of statements (see `kept_plans.h`); empty if it can.
  std::string plans_obstacle = "not known yet";
  /// The functions for such statements that this role may call.
  std::vector<std::string> functions{};
  std::string owner{};  ///< of our own tables, quoted if need be

  /// The schema as a prefix of a name: `"schema".`, or nothing.
  [[nodiscard]] std::string prefix() const;
  /// The schema as it stands inside single quotes.
  [[nodiscard]] std::string schema_in_quotes() const;
};

/// Returns `sql` with the schema in place of `{own_schema}`.
[[nodiscard]] std::string with_own_schema(std::string_view sql, const PlacedTables& tables);

/// The query that finds the queue's place.
[[nodiscard]] std::string queue_place_sql(const TableNames& tables);

/// Reads the answer of that query.
[[nodiscard]] PlacedTables parse_queue_place(const TableNames& tables, std::string_view json);

[[nodiscard]] PlacedTables place_tables(SqlTransaction& transaction, const TableNames& tables);

}  // namespace autoreply

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/database_config.h"
#include "store/sql_transaction.h"

namespace autoreply {

/// The host's tables, and what the statements need to know about the queue besides its name.
struct PlacedTables : TableNames {
  /// The schema of the table under the queue. Our own tables live there too. Empty: there is no
  /// queue.
  std::string schema{};
  std::int64_t lock_key = 0;  ///< of the claim lock; a table and all its views share it
  std::string status_type = "text";

  /// The schema as a prefix of a name: `"schema".`, or nothing.
  [[nodiscard]] std::string prefix() const;
};

/// The query that finds the queue's place.
[[nodiscard]] std::string queue_place_sql(const TableNames& tables);

/// Reads the answer of that query.
[[nodiscard]] PlacedTables parse_queue_place(const TableNames& tables, std::string_view json);

[[nodiscard]] PlacedTables place_tables(SqlTransaction& transaction, const TableNames& tables);

}  // namespace autoreply

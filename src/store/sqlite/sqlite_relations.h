#pragma once

#include <string>
#include <vector>

#include "store/database_config.h"
#include "store/host_check.h"
#include "store/sql_transaction.h"
#include "store/sqlite/sqlite_statements.h"

namespace autoreply {

/// Which of the tables that matter exist in a file.
struct Relations {
  std::vector<std::string> existing;  ///< of the host's five
  std::vector<std::string> missing;   ///< of the host's five
  bool queue_is_table = false;        ///< not a view
  bool schema_table = false;          ///< the table with our schema version exists
};

[[nodiscard]] Relations read_relations(SqlTransaction& transaction, const TableNames& tables);

/// The columns of a table or view; empty if it does not exist.
[[nodiscard]] std::set<std::string> read_columns(SqlTransaction& transaction,
                                                 const std::string& table);

/// Runs the catalog query.
[[nodiscard]] HostFacts read_host(SqlTransaction& transaction, const TableNames& tables);

[[nodiscard]] HostColumns read_host_columns(SqlTransaction& transaction, const TableNames& tables);

}  // namespace autoreply

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/checkup.h"
#include "store/database_config.h"
#include "store/host_facts.h"

namespace autoreply {

enum class HostCheck {
  for_migration,  ///< our own columns and tables may still be missing; rights are not checked
  for_run,
};

/// Returns `misconfigured` if the program cannot work with the host's tables. The message names
/// each missing table, column and right, each column and check that cannot hold what the program
/// writes, and what to do. `reply_chars_max`: characters of the longest reply; 0: unknown.
[[nodiscard]] Result<void> judge_host(const HostFacts& facts,
                                      const TableNames& tables,
                                      HostCheck check,
                                      int reply_chars_max = 0);

/// Returns what the program makes of the columns of each table.
[[nodiscard]] std::vector<TableColumns> table_columns(const HostFacts& facts,
                                                      const TableNames& tables);

}  // namespace autoreply

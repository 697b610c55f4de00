#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "store/database.h"
#include "store/host_facts.h"

namespace autoreply {

enum class HostCheck {
  for_migration,  ///< our own columns and tables may still be missing, and rights are not asked for
  for_run,
};

/// Returns `misconfigured`, naming each table, column and right that is missing, each column and
/// check that cannot hold what the program writes, and what to do, where the program cannot work
/// with the host's tables. `reply_chars_max`: of the longest reply; 0: not known.
[[nodiscard]] Result<void> judge_host(const HostFacts& facts,
                                      const TableNames& tables,
                                      HostCheck check,
                                      int reply_chars_max = 0);

/// A line for each table with columns that the program does not know.
[[nodiscard]] std::vector<std::string> ignored_columns(const HostFacts& facts,
                                                       const TableNames& tables);

}  // namespace autoreply

#pragma once

#include <string>
#include <vector>

#include "store/database_config.h"

namespace autoreply {

/// An index of the queue, as indexes.sql defines it.
struct QueueIndex {
  std::string name;
  std::string kind;       ///< "index" or "unique index"
  std::string statement;  ///< builds it concurrently
};

/// Returns the indexes in the order in which a migration builds them.
[[nodiscard]] std::vector<QueueIndex> queue_indexes(const TableNames& tables);

}  // namespace autoreply

#pragma once

#include <memory>

#include "store/queue_inspector.h"
#include "store/sql_database.h"

namespace autoreply {

/// An inspector over one session of a database.
[[nodiscard]] std::unique_ptr<QueueInspector> make_sql_queue_inspector(
    std::unique_ptr<SqlDatabase> database, const DatabaseConfig& config);

}  // namespace autoreply

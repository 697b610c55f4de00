#pragma once

#include <string>
#include <string_view>
#include <thread>

#include "store/database_config.h"
#include "store/migration_progress.h"
#include "store/postgres/placed_tables.h"

namespace autoreply {

/// Tells a listener how far the building of an index is, from its construction to its destruction.
/// The session that builds is blocked meanwhile, so it asks in a session of its own. If that fails,
/// it tells nothing.
class IndexBuildWatch final {
 public:
  /// All must outlive the watch. Without a listener it does nothing.
  IndexBuildWatch(const DatabaseConfig& config,
                  const PlacedTables& tables,
                  std::string_view index,
                  const MigrationListener& listener);

 private:
  std::jthread thread_;
};

}  // namespace autoreply

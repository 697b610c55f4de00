#pragma once

#include <optional>
#include <string>

#include "job/database_time.h"
#include "job/waits_for.h"

namespace autoreply {

/// A limit or breaker that keeps due jobs from being claimed. The view `autoreply_waiting` tells of
/// it.
struct Hold {
  std::string workspace_id{};  ///< empty: all
  std::string contact_id{};    ///< empty: all
  WaitsFor reason = WaitsFor::breaker;
  std::string breaker{};                ///< its name; empty: a limit
  std::string detail{};                 ///< for people, one line
  bool spares_recorded = false;         ///< jobs with a recorded reply may be claimed
  std::optional<DatabaseTime> since{};  ///< empty: not known
  std::optional<DatabaseTime> until{};  ///< of a limit: at the latest
};

}  // namespace autoreply

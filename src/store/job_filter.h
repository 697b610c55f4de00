#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "job/daily_budget.h"

namespace autoreply {

/// Which jobs a claim may take; an empty list restricts nothing.
struct JobFilter {
  std::vector<std::string> workspace_ids;
  std::vector<std::string> contact_ids;
  std::vector<std::string> job_ids;
  std::optional<std::string> created_since;   ///< ISO 8601, inclusive
  std::optional<std::string> created_before;  ///< ISO 8601, exclusive

  [[nodiscard]] bool selects_all() const {
    return workspace_ids.empty() && contact_ids.empty() && job_ids.empty() && !created_since &&
           !created_before;
  }
};

/// How many jobs all runs together may claim; 0: any number. A workspace's row may lower its own
/// limits.
struct ClaimLimits {
  int contact_per_minute = 0;    ///< for one contact in any 60 s
  int contact_per_hour = 0;      ///< for one contact in any 60 min
  int workspace_per_minute = 0;  ///< for one workspace in any 60 s
  int per_minute = 0;            ///< in total in any 60 s
  DailyBudget daily_budget{};    ///< of each workspace
  TimeZone timezone{};           ///< of the days of workspaces that name none
};

}  // namespace autoreply

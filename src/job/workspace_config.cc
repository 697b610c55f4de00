#include "job/workspace_config.h"

#include <chrono>

#include "base/text.h"

namespace autoreply {

TimeZone workspace_zone(const std::optional<WorkspaceConfig>& config, const TimeZone& run_zone) {
  if (!config || trimmed(config->timezone).empty()) return run_zone;
  return TimeZone::find(config->timezone).value_or(run_zone);
}

std::string workspace_day(const std::optional<WorkspaceConfig>& config,
                          const TimeZone& run_zone,
                          DatabaseTime now) {
  const TimeZone::Instant instant{std::chrono::milliseconds(now)};
  return workspace_zone(config, run_zone).iso_date(instant);
}

DatabaseTime end_of_workspace_day(const std::optional<WorkspaceConfig>& config,
                                  const TimeZone& run_zone,
                                  DatabaseTime now) {
  const TimeZone::Instant instant{std::chrono::milliseconds(now)};
  return workspace_zone(config, run_zone)
      .next(TimeZone::Minutes{0}, instant)
      .time_since_epoch()
      .count();
}

}  // namespace autoreply

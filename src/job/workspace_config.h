#pragma once

#include <optional>
#include <string>

#include "base/time_zone.h"
#include "job/database_time.h"

namespace autoreply {

/// The provider that answers if the workspace's first one cannot.
struct Fallback {
  std::string provider;  ///< empty: the same, with another model
  std::string model;     ///< empty: the same, at another provider
  std::string api_key;   ///< as in `WorkspaceConfig`
  std::string base_url;
};

/// The row of the host's configuration table that applies to a workspace.
struct WorkspaceConfig {
  std::string workspace_id;
  bool enabled = true;
  std::string provider;
  std::string model;
  std::string system_prompt;
  std::optional<double> temperature;
  std::optional<int> max_tokens;  ///< of the reply
  std::string api_key;            ///< set by the tenant: a key, `env:NAME` or `file:PATH`
  std::string base_url;
  std::optional<Fallback> fallback{};
  std::string business_name{};  ///< for the prompt
  std::string timezone{};       ///< of the IANA database; empty: the run's
  std::string quiet_hours{};    ///< such as "21:00-08:00"; empty: only the run's
  std::string daily_budget{};   ///< such as "5usd" or "200k"; empty: only the run's
  /// Another workspace's id gives the same variable name. Read only if `api_key` is a reference.
  bool shares_key_name = false;
};

/// Returns the zone for the clocks of a workspace: its own if the database of time zones has it,
/// otherwise the run's. `config` is empty if the workspace has no row.
[[nodiscard]] TimeZone workspace_zone(const std::optional<WorkspaceConfig>& config,
                                      const TimeZone& run_zone);

/// Returns the date on the calendar of a workspace, such as "2026-11-26".
[[nodiscard]] std::string workspace_day(const std::optional<WorkspaceConfig>& config,
                                        const TimeZone& run_zone,
                                        DatabaseTime now);

/// Returns when that day ends.
[[nodiscard]] DatabaseTime end_of_workspace_day(const std::optional<WorkspaceConfig>& config,
                                                const TimeZone& run_zone,
                                                DatabaseTime now);

}  // namespace autoreply

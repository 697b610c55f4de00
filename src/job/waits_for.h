#pragma once

#include <string_view>

namespace autoreply {

/// What a job that is put off waits for. The names stand in the column `waits_for`, in the table
/// `autoreply_holds` and in the view `autoreply_waiting`.
enum class WaitsFor {
  nothing,
  breaker,      ///< a peer that is down, refuses us or takes no more for now
  key,          ///< a key, an account or its credit
  setting,      ///< a setting of the workspace
  limit,        ///< a limit on jobs a minute or an hour
  quiet_hours,  ///< their end
  budget,       ///< the next day, on which the workspace may spend again
};

[[nodiscard]] constexpr std::string_view to_string(WaitsFor waits_for) {
  switch (waits_for) {
    case WaitsFor::nothing:
      break;
    case WaitsFor::breaker:
      return "breaker";
    case WaitsFor::key:
      return "key";
    case WaitsFor::setting:
      return "setting";
    case WaitsFor::limit:
      return "limit";
    case WaitsFor::quiet_hours:
      return "quiet hours";
    case WaitsFor::budget:
      return "budget";
  }
  return "";
}

/// What jobs wait for behind a breaker of their provider.
[[nodiscard]] constexpr WaitsFor behind_provider(bool is_refused, bool is_of_settings) {
  if (!is_refused) return WaitsFor::breaker;
  return is_of_settings ? WaitsFor::setting : WaitsFor::key;
}

/// Whether the wait ends by itself, as planned, and there is nothing to fix.
[[nodiscard]] constexpr bool is_planned(WaitsFor waits_for) {
  return waits_for == WaitsFor::limit || waits_for == WaitsFor::quiet_hours ||
         waits_for == WaitsFor::budget;
}

}  // namespace autoreply

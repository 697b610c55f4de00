#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time_zone.h"

namespace autoreply {

/// Hours of the day in which customers get no messages: from `from` on, until before `to`. They may
/// last over midnight.
struct QuietHours {
  TimeZone::Minutes from{0};  ///< since midnight
  TimeZone::Minutes to{0};
  bool operator==(const QuietHours&) const = default;
};

/// Parses "21:00-08:00"; "24:00" is midnight. The error says what to write instead.
[[nodiscard]] Result<QuietHours> parse_quiet_hours(std::string_view text);

/// Returns when the quiet hours end that hold at `now` on clocks of a zone; empty if none hold.
/// Pure.
[[nodiscard]] std::optional<TimeZone::Instant> end_of_quiet(const QuietHours& hours,
                                                            const TimeZone& zone,
                                                            TimeZone::Instant now);

}  // namespace autoreply

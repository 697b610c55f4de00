#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace autoreply {

/// A time zone of the IANA database, as the system's package tzdata has it.
class TimeZone final {
 public:
  using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
  using Minutes = std::chrono::minutes;

  /// UTC, which needs no database.
  TimeZone() = default;

  /// Finds a zone by its name, such as America/New_York. Empty if there is none, also if the
  /// database is not installed. Blanks around the name do not matter.
  [[nodiscard]] static std::optional<TimeZone> find(std::string_view name);

  [[nodiscard]] std::string name() const;
  /// Returns the time of the day on a clock in this zone, since midnight.
  [[nodiscard]] Minutes time_of_day(Instant instant) const;
  /// Returns the first moment after `instant` at which clocks in this zone show a time of the day.
  /// If clocks skip that time, returns the moment at which they do.
  [[nodiscard]] Instant next(Minutes time_of_day, Instant instant) const;

  /// "2026-11-26"
  [[nodiscard]] std::string iso_date(Instant instant) const;
  /// "Thursday, 26 November 2026"
  [[nodiscard]] std::string date_text(Instant instant) const;
  /// "17:05"
  [[nodiscard]] std::string time_text(Instant instant) const;

 private:
  explicit TimeZone(const date::time_zone& zone) : zone_(&zone) {}

  const date::time_zone* zone_ = nullptr;  ///< null: UTC
};

}  // namespace autoreply

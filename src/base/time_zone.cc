#include "base/time_zone.h"

#include <algorithm>
#include <stdexcept>

#include <date/tz.h>
#include <fmt/format.h>

#include "base/text.h"

namespace autoreply {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using LocalTime = date::local_time<milliseconds>;

LocalTime local_time(const date::time_zone* zone, TimeZone::Instant instant) {
  if (zone == nullptr) return LocalTime{instant.time_since_epoch()};
  return zone->to_local(instant);
}

TimeZone::Instant sys_time(const date::time_zone* zone, LocalTime local, date::choose which) {
  if (zone == nullptr) return TimeZone::Instant{local.time_since_epoch()};
  return zone->to_sys(local, which);
}

/// The database's names have no other characters. The library would look for files by them.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), [](unsigned char character) {
           return (character >= 'A' && character <= 'Z') ||
                  (character >= 'a' && character <= 'z') ||
                  (character >= '0' && character <= '9') ||
                  std::string_view("/_+-").find(static_cast<char>(character)) !=
                      std::string_view::npos;
         });
}

}  // namespace

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  name = trimmed(name);
  if (name == "UTC" || name == "utc" || name == "Z") return TimeZone();
  if (!is_zone_name(name)) return std::nullopt;
  try {
    return TimeZone(*date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

std::string TimeZone::name() const {
  return zone_ == nullptr ? "UTC" : zone_->name();
}

TimeZone::Minutes TimeZone::time_of_day(Instant instant) const {
  const LocalTime local = local_time(zone_, instant);
  return duration_cast<Minutes>(local - date::floor<date::days>(local));
}

TimeZone::Instant TimeZone::next(Minutes time_of_day, Instant instant) const {
  const auto today = date::floor<date::days>(local_time(zone_, instant));
  for (int day = 0;; ++day) {
    const LocalTime local = LocalTime{today + date::days(day)} + time_of_day;
    // Clocks that go back show the time twice.
    for (const auto which : {date::choose::earliest, date::choose::latest}) {
      if (const Instant found = sys_time(zone_, local, which); found > instant) return found;
    }
  }
}

std::string TimeZone::iso_date(Instant instant) const {
  return date::format("%F", date::floor<date::days>(local_time(zone_, instant)));
}

std::string TimeZone::date_text(Instant instant) const {
  const auto day = date::floor<date::days>(local_time(zone_, instant));
  const auto number = static_cast<unsigned>(date::year_month_day(day).day());
  return fmt::format("{}, {} {}", date::format("%A", day), number, date::format("%B %Y", day));
}

std::string TimeZone::time_text(Instant instant) const {
  const auto minutes = time_of_day(instant).count();
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

}  // namespace autoreply

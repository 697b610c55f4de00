#include "context/quiet_hours.h"

#include <charconv>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr int kMinutesOfHour = 60;
constexpr int kMinutesOfDay = 24 * kMinutesOfHour;

/// Parses one or two digits up to `max`.
std::optional<int> number_up_to(std::string_view text, int max) {
  if (text.empty() || text.size() > 2 || text.find_first_not_of("0123456789") != text.npos) {
    return std::nullopt;
  }
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number <= max ? std::make_optional(number) : std::nullopt;
}

/// Parses "8:00", "08:00", "24:00".
std::optional<TimeZone::Minutes> time_of_day(std::string_view text) {
  text = trimmed(text);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() - colon != 3) return std::nullopt;
  const auto hours = number_up_to(text.substr(0, colon), 24);
  const auto minutes = number_up_to(text.substr(colon + 1), kMinutesOfHour - 1);
  if (!hours || !minutes) return std::nullopt;
  const int all = *hours * kMinutesOfHour + *minutes;
  if (all > kMinutesOfDay) return std::nullopt;
  return TimeZone::Minutes(all % kMinutesOfDay);
}

}  // namespace

Result<QuietHours> parse_quiet_hours(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto from = time_of_day(text.substr(0, dash));
  const auto to =
      dash == std::string_view::npos ? std::nullopt : time_of_day(text.substr(dash + 1));
  if (!from || !to || *from == *to) {
    return fail(ErrorKind::misconfigured,
                "write two different times of the day, such as 21:00-08:00");
  }
  return QuietHours{*from, *to};
}

std::optional<TimeZone::Instant> end_of_quiet(const QuietHours& hours,
                                              const TimeZone& zone,
                                              TimeZone::Instant now) {
  const TimeZone::Minutes time = zone.time_of_day(now);
  const bool over_midnight = hours.from > hours.to;
  const bool holds =
      over_midnight ? time >= hours.from || time < hours.to : time >= hours.from && time < hours.to;
  if (!holds) return std::nullopt;
  return zone.next(hours.to, now);
}

}  // namespace autoreply

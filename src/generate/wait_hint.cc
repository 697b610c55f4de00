#include "generate/wait_hint.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "net/retry_after.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

struct Unit {
  std::string_view name;
  double seconds;
};
// "ms" before "m".
constexpr std::array<Unit, 8> kUnits = {{{"ms", 1e-3},
                                         {"us", 1e-6},
                                         {"\u00B5s", 1e-6},
                                         {"ns", 1e-9},
                                         {"h", 3600},
                                         {"m", 60},
                                         {"s", 1},
                                         {"d", 86400}}};

/// Reads a date like "2026-11-22T12:00:14Z" or "2026-11-22T13:00:14+01:00", fractions of a second
/// left out (RFC 3339).
std::optional<system_clock::time_point> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    std::from_chars(text.data() + at, text.data() + at + length, value);
    return value;
  };
  std::chrono::minutes ahead{0};  // of UTC
  const std::size_t zone = text.find_first_of("Z+-", 19);
  if (zone == std::string_view::npos) return std::nullopt;
  if (text[zone] != 'Z') {
    if (text.size() != zone + 6 || text[zone + 3] != ':') return std::nullopt;
    ahead = std::chrono::hours(number(zone + 1, 2)) + std::chrono::minutes(number(zone + 4, 2));
    if (text[zone] == '-') ahead = -ahead;
  }
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(number(11, 2)) +
         std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2)) - ahead;
}

/// A reset is a duration, a date, or a moment in seconds or milliseconds since 1970.
std::optional<milliseconds> parse_reset(std::string_view text, system_clock::time_point now) {
  const auto until = [&](system_clock::time_point moment) {
    return wait_of_seconds(std::chrono::duration<double>(moment - now).count());
  };
  if (const auto date = parse_rfc3339(text)) return until(*date);
  constexpr double kEpochSeconds = 1e9;
  constexpr double kEpochMilliseconds = 1e12;
  if (const auto number = parse_decimal(text); number && *number >= kEpochSeconds) {
    const double seconds = *number >= kEpochMilliseconds ? *number / 1'000 : *number;
    if (seconds > 1e10) return std::nullopt;
    return until(system_clock::from_time_t(static_cast<std::time_t>(seconds)));
  }
  return parse_reset_duration(text);
}

/// The name of the reset header that goes with a header of what remains; empty for other headers.
std::string reset_name(std::string_view name) {
  constexpr std::string_view kRemaining = "remaining";
  const std::size_t at = name.find(kRemaining);
  if (name.find("ratelimit") == std::string_view::npos || at == std::string_view::npos) return "";
  return std::string(name.substr(0, at)) + "reset" +
         std::string(name.substr(at + kRemaining.size()));
}

std::optional<milliseconds> reset_of_exhausted(const HttpHeaders& headers,
                                               system_clock::time_point now) {
  std::optional<milliseconds> longest;
  for (const auto& [name, value] : headers.entries()) {
    const std::string reset = reset_name(name);
    if (reset.empty() || parse_decimal(trimmed(value)) != 0.0) continue;
    const auto text = headers.find(reset);
    const auto wait = text ? parse_reset(trimmed(*text), now) : std::nullopt;
    if (wait) longest = std::max(longest.value_or(milliseconds(0)), *wait);
  }
  return longest;
}

/// The seconds that a word of a message stands for, 0 for a word that is no unit of time.
double seconds_of_word(std::string_view word) {
  constexpr std::array<Unit, 7> kWords = {
      {{"milli", 1e-3}, {"ms", 1e-3}, {"s", 1}, {"h", 3600}, {"d", 86400}, {"min", 60}, {"m", 60}}};
  const auto* const known = std::find_if(
      kWords.begin(), kWords.end(), [&](const Unit& unit) { return word.starts_with(unit.name); });
  return known == kWords.end() ? 0 : known->seconds;
}

/// Reads the duration that a text in lower case begins with, as in "10h17m5.7s.", "500 ms or",
/// "6 minutes 20 seconds".
std::optional<milliseconds> leading_duration(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  std::optional<double> seconds;
  while (!text.empty() && kDigits.find(text.front()) != std::string_view::npos) {
    std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    while (text[length - 1] == '.') --length;
    const auto number = parse_decimal(text.substr(0, length));
    if (!number) break;
    text = trimmed(text.substr(length));
    const std::size_t letters =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), text.size());
    const double unit = seconds_of_word(text.substr(0, letters));
    if (unit == 0) return seconds ? wait_of_seconds(*seconds) : wait_of_seconds(*number);
    seconds = seconds.value_or(0) + *number * unit;
    text = trimmed(text.substr(letters));
  }
  return seconds ? wait_of_seconds(*seconds) : std::nullopt;
}

std::optional<milliseconds> wait_in_message(const std::string& message) {
  const std::string text = lower_case(message);
  for (const std::string_view lead : {"try again in ", "retry in ", "retry after "}) {
    const std::size_t at = text.find(lead);
    if (at == std::string::npos) continue;
    if (const auto wait = leading_duration(std::string_view(text).substr(at + lead.size()))) {
      return wait;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> parse_reset_duration(std::string_view text) {
  if (const auto seconds = parse_decimal(text)) return wait_of_seconds(*seconds);
  double seconds = 0;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto number = parse_decimal(text.substr(0, length));
    if (!number) return std::nullopt;
    text.remove_prefix(length);
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& known) {
      return text.starts_with(known.name);
    });
    if (unit == kUnits.end()) return std::nullopt;
    seconds += *number * unit->seconds;
    text.remove_prefix(unit->name.size());
  }
  return wait_of_seconds(seconds);
}

std::optional<milliseconds> wait_hint(const HttpHeaders& headers,
                                      const ErrorBody& error,
                                      system_clock::time_point now) {
  if (const auto wait = retry_after(headers, now)) return wait;
  if (const auto wait = parse_reset_duration(error.retry_delay)) return wait;
  if (const auto wait = reset_of_exhausted(headers, date_of(headers, now))) return wait;
  return wait_in_message(error.message);
}

}  // namespace autoreply

#include "net/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <unordered_map>
#include <vector>

#include <curl/curl.h>

#include "base/text.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

/// No date or duration is longer.
constexpr std::size_t kTextBytesMax = 100;
/// Numbers from here on are seconds since 1970 (this is September 2001), not waits.
constexpr double kEpochSeconds = 1e9;
/// Numbers from here on are milliseconds since 1970; as seconds, this would be the year 33658.
constexpr double kEpochMilliseconds = 1e12;

// The clock counts nanoseconds, which reach from the year 1677 to 2262.
constexpr std::chrono::year kFirstYear{1'970};
constexpr std::chrono::year kLastYear{2'200};
constexpr std::time_t kLastSecond = 7'258'118'400;  // its first

struct Unit {
  std::string_view name;
  double seconds;
};
// "ms" must precede "m".
constexpr std::array<Unit, 8> kUnits = {{{"ms", 1e-3},
                                         {"us", 1e-6},
                                         {"\u00B5s", 1e-6},
                                         {"ns", 1e-9},
                                         {"h", 3600},
                                         {"m", 60},
                                         {"s", 1},
                                         {"d", 86400}}};

std::optional<system_clock::time_point> parse_http_date(std::string_view text) {
  if (text.size() > kTextBytesMax) return std::nullopt;
  const std::time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds < 0 || seconds > kLastSecond) return std::nullopt;
  return system_clock::from_time_t(seconds);
}

/// Parses a date like "2026-11-22T12:00:14Z" or "2026-11-22T13:00:14+01:00" (RFC 3339). Ignores
/// fractions of a second.
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
  if (!day.ok() || day.year() < kFirstYear || day.year() > kLastYear) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(number(11, 2)) +
         std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2)) - ahead;
}

std::optional<milliseconds> wait_until(system_clock::time_point moment,
                                       system_clock::time_point now) {
  return wait_of_seconds(std::chrono::duration<double>(moment - now).count());
}

double seconds_since_1970(system_clock::time_point moment) {
  return std::chrono::duration<double>(moment.time_since_epoch()).count();
}

/// Returns the name of the "remaining" header that belongs to a "reset" header; empty for other
/// headers.
std::string remaining_name(std::string_view name) {
  constexpr std::string_view kReset = "reset";
  const std::size_t at = name.find(kReset);
  if (name.find("ratelimit") == std::string_view::npos || at == std::string_view::npos) return "";
  return std::string(name.substr(0, at)) + "remaining" +
         std::string(name.substr(at + kReset.size()));
}

/// Some peers send a reset header without a "remaining" header, but only if the limit is exhausted.
bool is_exhausted(const std::unordered_map<std::string_view, std::string_view>& values,
                  const std::string& remaining) {
  const auto value = values.find(remaining);
  return value == values.end() || parse_decimal(trimmed(value->second)) == 0.0;
}

}  // namespace

std::optional<milliseconds> wait_of_seconds(double seconds) {
  if (!std::isfinite(seconds) || seconds <= 0) return std::nullopt;
  const double bounded = std::min(seconds * 1'000, static_cast<double>(kWaitMax.count()));
  // The tolerance of half a microsecond turns 1.25 s into 1250 ms, not 1251 ms.
  return milliseconds(static_cast<std::int64_t>(std::max(1.0, std::ceil(bounded - 0.0005))));
}

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<milliseconds> parse_wait_duration(std::string_view text) {
  if (text.size() > kTextBytesMax) return std::nullopt;
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

std::optional<milliseconds> parse_wait(std::string_view text, system_clock::time_point now) {
  text = trimmed(text);
  if (const auto number = parse_decimal(text)) {
    if (!(*number >= kEpochSeconds)) return wait_of_seconds(*number);
    const double moment = *number >= kEpochMilliseconds ? *number / 1'000 : *number;
    return wait_of_seconds(moment - seconds_since_1970(now));
  }
  if (const auto wait = parse_wait_duration(text)) return wait;
  if (const auto date = parse_rfc3339(text)) return wait_until(*date, now);
  const auto date = parse_http_date(text);
  return date ? wait_until(*date, now) : std::nullopt;
}

system_clock::time_point date_of(const HttpHeaders& headers, system_clock::time_point now) {
  const auto date = headers.find("date");
  return date ? parse_http_date(*date).value_or(now) : now;
}

std::optional<milliseconds> retry_after(const HttpHeaders& headers, system_clock::time_point now) {
  const auto there = date_of(headers, now);
  for (const char* name : {"retry-after-ms", "x-ms-retry-after-ms"}) {
    const auto value = headers.find(name);
    if (!value) continue;
    if (const auto number = parse_decimal(trimmed(*value))) {
      const auto wait = *number >= kEpochMilliseconds ? parse_wait(*value, there)
                                                      : wait_of_seconds(*number / 1'000);
      if (wait) return wait;
    }
  }
  auto value = headers.find("retry-after");
  if (!value) value = headers.find("x-retry-after");
  return value ? parse_wait(*value, there) : std::nullopt;
}

std::optional<milliseconds> wait_of_exhausted_limits(const HttpHeaders& headers,
                                                     system_clock::time_point now) {
  const std::vector<HttpHeaders::Entry> entries = headers.entries();
  std::unordered_map<std::string_view, std::string_view> values;
  for (const auto& [name, value] : entries) values.emplace(name, value);
  std::optional<milliseconds> longest;
  for (const auto& [name, value] : entries) {
    const std::string remaining = remaining_name(name);
    if (remaining.empty() || !is_exhausted(values, remaining)) continue;
    const auto wait = parse_wait(value, now);
    if (wait) longest = std::max(longest.value_or(milliseconds(0)), *wait);
  }
  return longest;
}

}  // namespace autoreply

#include "generate/errors/wait_hint.h"

#include <algorithm>
#include <array>

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

/// Returns the seconds that a word in a message stands for, or 0 if it is not a unit of time.
double seconds_of_word(std::string_view word) {
  constexpr std::array<Unit, 7> kWords = {
      {{"milli", 1e-3}, {"ms", 1e-3}, {"s", 1}, {"h", 3600}, {"d", 86400}, {"min", 60}, {"m", 60}}};
  const auto* const known = std::find_if(
      kWords.begin(), kWords.end(), [&](const Unit& unit) { return word.starts_with(unit.name); });
  return known == kWords.end() ? 0 : known->seconds;
}

/// Parses the duration at the start of a lower-case text, as in "10h17m5.7s.", "500 ms or", "6
/// minutes 20 seconds".
std::optional<milliseconds> leading_duration(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  std::optional<double> seconds;
  while (!text.empty() && kDigits.find(text.front()) != std::string_view::npos) {
    std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    while (text[length - 1] == '.') --length;
    const auto number = parse_decimal(text.substr(0, length));
    if (!number || text.substr(length).starts_with('-')) break;  // a date, not a duration
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

/// Parses the UTC moment at the start of a text: "2026-11-26 01:13:29 UTC", "2026-11-26T01:13:29Z".
std::optional<milliseconds> wait_until(std::string_view text, system_clock::time_point now) {
  constexpr std::size_t kDateBytes = 10;
  constexpr std::size_t kTimeBytes = 8;
  if (text.size() < kDateBytes + 1 + kTimeBytes || text[4] != '-') return std::nullopt;
  const std::string date(text.substr(0, kDateBytes));
  const std::string time(text.substr(kDateBytes + 1, kTimeBytes));
  return parse_wait(date + "T" + time + "Z", now);
}

std::optional<milliseconds> wait_in_text(const std::string& message, system_clock::time_point now) {
  constexpr std::size_t kDurationBytesMax = 100;
  const std::string text = lower_case(message);
  for (const std::string_view lead : {"again in ",
                                      "retry in ",
                                      "retry after ",
                                      "again after ",
                                      "please wait ",
                                      "wait for ",
                                      "reset after ",
                                      "resets in ",
                                      "reset in ",
                                      "available in ",
                                      "try after ",
                                      "resets at ",
                                      "resets at: ",
                                      "reset at ",
                                      "again at ",
                                      "wait "}) {
    for (std::size_t at = text.find(lead); at != std::string::npos; at = text.find(lead, at + 1)) {
      auto rest = std::string_view(text).substr(at + lead.size(), kDurationBytesMax);
      for (const std::string_view vague : {"about ", "approximately ", "around ", "~"}) {
        if (rest.starts_with(vague)) rest.remove_prefix(vague.size());
      }
      if (const auto wait = leading_duration(rest)) return wait;
      if (const auto wait = wait_until(rest, now)) return wait;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> wait_hint(const HttpHeaders& headers,
                                      const ErrorBody& error,
                                      system_clock::time_point now) {
  const auto there = date_of(headers, now);
  if (const auto wait = retry_after(headers, now)) return wait;
  if (const auto wait = retry_after(error.headers, there)) return wait;
  if (const auto wait = parse_wait(error.retry_delay, there)) return wait;
  if (const auto wait = wait_of_exhausted_limits(headers, there)) return wait;
  if (const auto wait = wait_of_exhausted_limits(error.headers, there)) return wait;
  for (const std::string& text : error.texts) {
    if (const auto wait = wait_in_text(text, there)) return wait;
  }
  return std::nullopt;
}

}  // namespace autoreply

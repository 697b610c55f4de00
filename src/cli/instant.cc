#include "cli/instant.h"

#include <optional>

#include <fmt/format.h>

#include "base/duration.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using Milliseconds = std::chrono::sys_time<milliseconds>;

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

/// Reads a text from the front and consumes what it reads.
class InstantReader final {
 public:
  explicit InstantReader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  /// Reads one of the characters. Returns 0 if the next one is different or missing.
  char one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  /// Reads a number with exactly this many digits, from `min` to `max`.
  std::optional<int> number(std::size_t digits, int min, int max) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char character : rest_.substr(0, digits)) {
      if (!is_digit(character)) return std::nullopt;
      value = value * 10 + (character - '0');
    }
    rest_.remove_prefix(digits);
    return value >= min && value <= max ? std::optional(value) : std::nullopt;
  }

  /// Reads the digits of a fraction of a second, cut to milliseconds; empty if there are none or
  /// too many.
  std::optional<milliseconds> fraction() {
    constexpr std::size_t kDigitsMax = 9;
    std::size_t digits = 0;
    int value = 0;
    int unit = 100;
    for (; digits < rest_.size() && is_digit(rest_[digits]); ++digits) {
      value += (rest_[digits] - '0') * unit;
      unit /= 10;
    }
    rest_.remove_prefix(digits);
    if (digits == 0 || digits > kDigitsMax) return std::nullopt;
    return milliseconds{value};
  }

 private:
  std::string_view rest_;
};

std::optional<Milliseconds> read_day(InstantReader& reader) {
  const auto year = reader.number(4, 1, 9'999);
  if (!year || reader.one_of("-") == '\0') return std::nullopt;
  const auto month = reader.number(2, 1, 12);
  if (!month || reader.one_of("-") == '\0') return std::nullopt;
  const auto day = reader.number(2, 1, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Milliseconds{std::chrono::sys_days{date}};
}

std::optional<milliseconds> read_time_of_day(InstantReader& reader) {
  const auto hour = reader.number(2, 0, 23);
  if (!hour || reader.one_of(":") == '\0') return std::nullopt;
  const auto minute = reader.number(2, 0, 59);
  if (!minute) return std::nullopt;
  milliseconds time = std::chrono::hours{*hour} + minutes{*minute};
  if (reader.one_of(":") == '\0') return time;
  const auto second = reader.number(2, 0, 59);
  if (!second) return std::nullopt;
  time += std::chrono::seconds{*second};
  if (reader.one_of(".,") == '\0') return time;
  const auto fraction = reader.fraction();
  return fraction ? std::optional(time + *fraction) : std::nullopt;
}

/// Reads the zone's offset ahead of UTC.
std::optional<minutes> read_zone(InstantReader& reader) {
  if (reader.at_end() || reader.one_of("Zz") != '\0') return minutes{0};
  const char sign = reader.one_of("+-");
  if (sign == '\0') return std::nullopt;
  const auto hour = reader.number(2, 0, 15);
  if (!hour) return std::nullopt;
  minutes ahead = std::chrono::hours{*hour};
  if (!reader.at_end()) {
    reader.one_of(":");
    const auto minute = reader.number(2, 0, 59);
    if (!minute) return std::nullopt;
    ahead += minutes{*minute};
  }
  return sign == '-' ? -ahead : ahead;
}

std::optional<Milliseconds> read_instant(std::string_view text) {
  InstantReader reader(text);
  auto instant = read_day(reader);
  if (!instant || reader.at_end()) return instant;
  if (reader.one_of("Tt ") == '\0') return std::nullopt;
  const auto time = read_time_of_day(reader);
  if (!time) return std::nullopt;
  const auto ahead = read_zone(reader);
  if (!ahead || !reader.at_end()) return std::nullopt;
  return *instant + *time - *ahead;
}

std::string written(Milliseconds instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{instant - day};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                                 static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()),
                                 time.hours().count(),
                                 time.minutes().count(),
                                 time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:03}", time.subseconds().count());
  return text + 'Z';
}

}  // namespace

Result<std::string> parse_instant(std::string_view text,
                                  std::chrono::system_clock::time_point now) {
  if (const auto instant = read_instant(text)) return written(*instant);
  if (const auto age = parse_duration(text)) {
    return written(std::chrono::floor<milliseconds>(now) - *age);
  }
  return fail(ErrorKind::misconfigured,
              "write a day or time such as 2026-11-22 or 2026-11-22T10:00:00Z, or an age such as "
              "2h");
}

}  // namespace autoreply

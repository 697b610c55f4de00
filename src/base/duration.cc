#include "base/duration.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace autoreply {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};

// "ms" must precede "m": the first match wins.
constexpr std::array<Unit, 6> kUnits{{
    {"ms", 1.0},
    {"s", 1'000.0},
    {"m", 60'000.0},
    {"h", 3'600'000.0},
    {"d", 86'400'000.0},
    {"w", 7 * 86'400'000.0},
}};
constexpr double kMillisecondsMax = 10.0 * 366.0 * 86'400'000.0;

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto malformed = [text] {
    return fail(ErrorKind::misconfigured,
                fmt::format("'{}' is not a duration: write 250ms, 90s, 5m, 24h, 1d or 1w", text));
  };
  if (text == "0") return std::chrono::milliseconds{0};
  if (text.empty()) return malformed();
  double total = 0;
  for (std::string_view rest = text; !rest.empty();) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + rest.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || !std::isfinite(number) || std::signbit(number)) return malformed();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (rest.starts_with(candidate.name)) {
        unit = &candidate;
        break;
      }
    }
    if (unit == nullptr) return malformed();
    rest.remove_prefix(unit->name.size());
    total += number * unit->milliseconds;
    if (total > kMillisecondsMax) return malformed();
  }
  return std::chrono::milliseconds{std::llround(total)};
}

std::string format_duration(std::chrono::milliseconds duration) {
  long long rest = duration.count();
  if (rest == 0) return "0";
  std::string text;
  // Weeks are accepted but never written: people write "7d".
  for (const Unit unit : {kUnits[4], kUnits[3], kUnits[2], kUnits[1], kUnits[0]}) {
    const auto size = static_cast<long long>(unit.milliseconds);
    if (rest >= size) text += fmt::format("{}{}", rest / size, unit.name);
    rest %= size;
  }
  return text;
}

}  // namespace autoreply

#include "generate/prices/price_rows.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/text.h"
#include "net/retry_after.h"

namespace autoreply {
namespace {

constexpr std::size_t kColumns = 10;
/// A thousand dollars per million tokens keeps the cost of a billion tokens within 64 bits.
constexpr double kDollarsMax = 1'000;
constexpr double kMicroPerDollar = 1e6;
constexpr std::string_view kNoPrice = "-";

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_price(std::string_view text) {
  const std::optional<double> dollars = parse_decimal(text);
  if (!dollars || !(*dollars >= 0 && *dollars <= kDollarsMax)) return std::nullopt;
  return std::llround(*dollars * kMicroPerDollar);
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  if (text == kNoPrice) return std::chrono::sys_days();
  const std::vector<std::string_view> parts = split(text, '-');
  if (parts.size() != 3) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(whole<int>(parts[0]).value_or(0)),
                                        std::chrono::month(whole<unsigned>(parts[1]).value_or(0)),
                                        std::chrono::day(whole<unsigned>(parts[2]).value_or(0))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

/// Parses "mon-fri" or "daily", followed by ranges of whole hours: "mon-fri 01-04 06-10".
std::optional<Price::Peak> parse_peak(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ' ');
  Price::Peak peak;
  if (parts[0] == "mon-fri") peak.weekdays = 0b0111110;
  if (parts[0] == "daily") peak.weekdays = 0b1111111;
  for (std::size_t at = 1; at < parts.size(); ++at) {
    const std::vector<std::string_view> range = split(parts[at], '-');
    const auto first = whole<unsigned>(range[0]);
    const auto last = range.size() == 2 ? whole<unsigned>(range[1]) : std::nullopt;
    if (!first || !last || *first >= *last || *last > 24) return std::nullopt;
    for (unsigned hour = *first; hour < *last; ++hour) peak.hours |= 1U << hour;
  }
  if (peak.weekdays == 0 || peak.hours == 0) return std::nullopt;
  return peak;
}

std::optional<Price> parse_row(std::string_view line) {
  const std::vector<std::string_view> cells = split(line, '\t');
  if (cells.size() != kColumns) return std::nullopt;
  Price price;
  price.provider = lower_case(trimmed(cells[0]));
  price.model = lower_case(trimmed(cells[1]));
  const auto from = parse_day(cells[2]);
  if (cells[3] != kNoPrice) price.peak = parse_peak(cells[3]);
  const auto over = cells[4] == kNoPrice ? 0 : whole<std::int64_t>(cells[4]).value_or(-1);
  const auto input = parse_price(cells[5]);
  const auto cached = cells[6] == kNoPrice ? input : parse_price(cells[6]);
  const auto output = parse_price(cells[7]);
  const auto cache_write = cells[8] == kNoPrice ? input : parse_price(cells[8]);
  const bool complete = !price.provider.empty() && !price.model.empty() && from && over >= 0 &&
                        (cells[3] == kNoPrice || price.peak) && input && cached && output &&
                        cache_write;
  if (!complete) return std::nullopt;
  price.from = *from;
  price.prompt_over = over;
  price.input = *input;
  price.cached = *cached;
  price.output = *output;
  price.cache_write = *cache_write;
  return price;
}

}  // namespace

Result<std::vector<Price>> parse_price_rows(std::string_view text) {
  std::vector<Price> prices;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#') || line.starts_with("provider\t")) continue;
    std::optional<Price> price = parse_row(line);
    if (!price) {
      return fail(ErrorKind::misconfigured,
                  fmt::format("line {} of the price table is no row of {} columns like the "
                              "built-in ones",
                              number,
                              kColumns));
    }
    prices.push_back(std::move(*price));
  }
  return prices;
}

}  // namespace autoreply

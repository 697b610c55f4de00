#include "generate/prices/prices.h"

#include <algorithm>
#include <regex>
#include <tuple>

#include "base/pattern.h"
#include "base/text.h"
#include "generate/prices/price_rows.h"
#include "price_table.h"

namespace autoreply {
namespace {

using std::chrono::system_clock;

constexpr std::int64_t kPicoPerNano = 1'000;

bool is_peak(const Price::Peak& peak, system_clock::time_point when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const auto hour = std::chrono::floor<std::chrono::hours>(when - day).count();
  const unsigned weekday = std::chrono::weekday(day).c_encoding();
  return ((peak.weekdays >> weekday) & 1U) != 0 && ((peak.hours >> hour) & 1U) != 0;
}

/// Removes the date from names like "gpt-6-luna-2026-09-22" and "claude-haiku-4-5-20251001".
std::string_view without_date(std::string_view model) {
  static const std::regex dated = compiled(R"(-\d{4}-?\d\d-?\d\d$)");
  std::match_results<std::string_view::const_iterator> match;
  // The date is at the end, and std::regex recurses with the length of the text.
  const std::string_view tail =
      model.substr(model.size() - std::min<std::size_t>(model.size(), 12));
  if (!std::regex_search(tail.begin(), tail.end(), match, dated)) return model;
  return model.substr(0, model.size() - static_cast<std::size_t>(match.length()));
}

}  // namespace

Result<PriceTable> PriceTable::parse(std::string_view text) {
  Result<std::vector<Price>> rows = parse_price_rows(text);
  if (!rows) return fail(rows.error());
  return PriceTable(std::move(*rows));
}

const PriceTable& PriceTable::built_in() {
  // A test parses the same text, so this cannot fail.
  static const PriceTable table = parse(embedded::prices_list).value();
  return table;
}

PriceTable PriceTable::overridden_by(const PriceTable& other) const {
  std::vector<Price> merged = other.prices_;
  for (const Price& price : prices_) {
    const bool replaced =
        std::any_of(other.prices_.begin(), other.prices_.end(), [&](const Price& theirs) {
          return theirs.provider == price.provider && theirs.model == price.model;
        });
    if (!replaced) merged.push_back(price);
  }
  return PriceTable(std::move(merged));
}

std::optional<std::int64_t> PriceTable::cost(std::string_view provider,
                                             std::string_view model,
                                             const TokenUsage& usage,
                                             system_clock::time_point when) const {
  if (!usage.input || !usage.output) return std::nullopt;
  const std::int64_t input = *usage.input;
  const std::int64_t fresh = input - usage.cached - usage.cache_write;
  if (fresh < 0) return std::nullopt;
  const std::string name = lower_case(trimmed(model));
  const std::string undated(without_date(name));
  // The most specific row wins: the exact name, then the larger tier, the peak, the later date.
  const auto rank = [&](const Price& price) {
    const int exactness = price.model == name ? 2 : price.model == undated ? 1 : 0;
    return std::tuple(exactness, price.prompt_over, price.peak.has_value(), price.from);
  };
  const Price* best = nullptr;
  for (const Price& price : prices_) {
    const bool named = price.model == name || price.model == undated || price.model == "*";
    const bool counts = price.provider == provider && named && price.from <= when &&
                        (price.prompt_over == 0 || input > price.prompt_over) &&
                        (!price.peak || is_peak(*price.peak, when));
    if (counts && (best == nullptr || rank(price) > rank(*best))) best = &price;
  }
  if (best == nullptr) return std::nullopt;
  const std::int64_t pico = fresh * best->input + usage.cached * best->cached +
                            usage.cache_write * best->cache_write + *usage.output * best->output;
  return (pico + kPicoPerNano / 2) / kPicoPerNano;
}

}  // namespace autoreply

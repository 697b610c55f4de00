#include "job/daily_budget.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace autoreply {
namespace {

constexpr double kNano = 1e9;
constexpr double kTokensMax = 1e15;
constexpr double kDollarsMax = 1e9;
constexpr double kUnitNeededBelow = 1'000;
/// No answer of a provider costs more. One that claims so must not make sums overflow.
constexpr std::int64_t kAddedMax = 1'000'000'000'000;

struct Unit {
  std::string_view word;
  double tokens;  ///< 0: dollars
};

constexpr auto kUnits = std::to_array<Unit>({
    {"usd", 0},
    {"$", 0},
    {"dollars", 0},
    {"k", 1e3},
    {"m", 1e6},
    {"tokens", 1},
    {"ktokens", 1e3},
    {"mtokens", 1e6},
});

tl::unexpected<Error> wrong_budget() {
  return fail(ErrorKind::misconfigured, "write dollars such as 5usd, or tokens such as 200k");
}

std::optional<std::int64_t> lower(std::optional<std::int64_t> one,
                                  std::optional<std::int64_t> other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

}  // namespace

void Spending::add(std::optional<std::int64_t> more_tokens,
                   std::optional<std::int64_t> more_nanodollars) {
  tokens += std::clamp<std::int64_t>(more_tokens.value_or(0), 0, kAddedMax);
  nanodollars += std::clamp<std::int64_t>(more_nanodollars.value_or(0), 0, kAddedMax);
}

Result<DailyBudget> parse_daily_budget(std::string_view text) {
  std::string amount;
  for (const char character : lower_case(trimmed(text))) {
    if (character != ' ') amount += character;
  }
  const bool has_sign = amount.starts_with('$');
  double number = 0;
  const char* const end = amount.data() + amount.size();
  const auto [rest, error] =
      std::from_chars(amount.data() + (has_sign ? 1 : 0), end, number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(number) || number < 0) return wrong_budget();
  const std::string_view word(rest, static_cast<std::size_t>(end - rest));
  if (number == 0 && word.empty()) return DailyBudget{};

  double tokens_each = has_sign ? 0 : 1;
  if (word.empty()) {
    if (!has_sign && number < kUnitNeededBelow) return wrong_budget();
  } else {
    const auto* const unit = std::ranges::find(kUnits, word, &Unit::word);
    if (unit == kUnits.end() || (has_sign && unit->tokens > 0)) return wrong_budget();
    tokens_each = unit->tokens;
  }
  if (number == 0) return DailyBudget{};
  if (tokens_each == 0) {
    if (number > kDollarsMax) return wrong_budget();
    return DailyBudget{.nanodollars = std::llround(number * kNano)};
  }
  if (number * tokens_each > kTokensMax) return wrong_budget();
  return DailyBudget{.tokens = std::llround(number * tokens_each)};
}

Result<DailyBudget> workspace_budget(const std::optional<WorkspaceConfig>& config,
                                     const DailyBudget& run_budget) {
  if (!config || trimmed(config->daily_budget).empty()) return run_budget;
  const auto own = parse_daily_budget(config->daily_budget);
  if (!own) return fail(own.error());
  return DailyBudget{.tokens = lower(own->tokens, run_budget.tokens),
                     .nanodollars = lower(own->nanodollars, run_budget.nanodollars)};
}

bool is_used_up(const DailyBudget& budget,
                const std::vector<DaySpending>& spent,
                std::string_view day) {
  const auto today = std::ranges::find(spent, day, &DaySpending::day);
  if (today == spent.end()) return false;
  const auto& [tokens, nanodollars] = today->spending;
  return (budget.tokens && tokens >= *budget.tokens) ||
         (budget.nanodollars && nanodollars >= *budget.nanodollars);
}

}  // namespace autoreply

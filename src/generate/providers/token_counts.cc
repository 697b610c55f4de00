#include "generate/providers/token_counts.h"

#include <cmath>

namespace autoreply {
namespace {

/// Higher counts are nonsense and would not fit the host's INTEGER column.
constexpr std::int64_t kCountedTokensMax = 1'000'000'000;

}  // namespace

std::optional<std::int64_t> TokenCounts::first(std::initializer_list<const char*> pointers) {
  std::optional<std::int64_t> found;
  for (const char* const pointer : pointers) {
    if (found.value_or(0) > 0) break;
    if (const auto count = at(pointer)) found = count;
  }
  return found;
}

std::optional<std::int64_t> TokenCounts::sum(std::initializer_list<const char*> pointers) {
  std::optional<std::int64_t> sum;
  for (const char* const pointer : pointers) {
    if (const auto count = at(pointer)) sum = sum.value_or(0) + *count;
  }
  return sum;
}

std::optional<TokenUsage> TokenCounts::checked(TokenUsage usage) const {
  if (!usage.total && usage.input && usage.output) usage.total = *usage.input + *usage.output;
  if (is_absurd_ || !usage.total || *usage.total > kCountedTokensMax) return std::nullopt;
  return usage;
}

std::optional<std::int64_t> TokenCounts::at(const char* pointer) {
  const auto value = value_at(usage_, pointer);
  if (!value) return std::nullopt;
  const auto number = optional_double(*value);
  if (!number || !(*number >= 0) || *number > static_cast<double>(kCountedTokensMax) ||
      *number != std::floor(*number)) {
    is_absurd_ = true;
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

}  // namespace autoreply

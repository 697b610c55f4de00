#include "generate/token_budget.h"

#include <algorithm>
#include <limits>

namespace autoreply {
namespace {

constexpr int kTextTokens = 600;
constexpr int kReasoningTokens = 2'000;
constexpr int kTokensMax = 8'192;

}  // namespace

int token_budget(std::optional<int> max_tokens, bool always_reasons, int cut_answers) {
  int budget = std::max(1, max_tokens.value_or(kTextTokens));
  if (always_reasons) {
    budget =
        std::min(budget, std::numeric_limits<int>::max() - kReasoningTokens) + kReasoningTokens;
  }
  const int most = std::max(budget, kTokensMax);
  for (int answer = 0; answer < cut_answers && budget < most; ++answer) {
    budget = budget > most / 2 ? most : budget * 2;
  }
  return budget;
}

}  // namespace autoreply

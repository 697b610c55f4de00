#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "job/workspace_config.h"

namespace autoreply {

/// What providers have charged for.
struct Spending {
  std::int64_t tokens = 0;
  std::int64_t nanodollars = 0;  ///< only of the models whose price is known

  void add(std::optional<std::int64_t> more_tokens, std::optional<std::int64_t> more_nanodollars);
  bool operator==(const Spending&) const = default;
};

/// What a workspace has spent on a day of its calendar.
struct DaySpending {
  std::string day;  ///< "2026-11-26"
  Spending spending;
};

/// What an attempt adds to the spending of its workspace.
struct NewSpending {
  std::string workspace_id;
  DaySpending of_day;
};

/// What a workspace may spend on a day. An empty amount is no limit.
struct DailyBudget {
  std::optional<std::int64_t> tokens{};
  std::optional<std::int64_t> nanodollars{};

  [[nodiscard]] bool limits() const { return tokens || nanodollars; }
  bool operator==(const DailyBudget&) const = default;
};

/// Parses dollars, such as "5usd" or "$0.50", or tokens, such as "200k" or "2m tokens". 0 is no
/// limit. A number below 1,000 needs its unit, because it could be either. The error says what to
/// write instead.
[[nodiscard]] Result<DailyBudget> parse_daily_budget(std::string_view text);

/// Returns the budget of a workspace: the lower amounts of its own and the run's. The error is
/// about its own.
[[nodiscard]] Result<DailyBudget> workspace_budget(const std::optional<WorkspaceConfig>& config,
                                                   const DailyBudget& run_budget);

/// Returns whether nothing is left of the budget on a day. `spent` may hold other days as well.
[[nodiscard]] bool is_used_up(const DailyBudget& budget,
                              const std::vector<DaySpending>& spent,
                              std::string_view day);

}  // namespace autoreply

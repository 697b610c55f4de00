#include "job/daily_budget.h"

#include <limits>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

constexpr std::int64_t kDollar = 1'000'000'000;

DailyBudget parsed(std::string_view text) {
  const auto budget = parse_daily_budget(text);
  EXPECT_TRUE(budget) << text;
  return budget.value_or(DailyBudget{});
}

TEST(DailyBudget, IsInDollarsOrTokens) {
  for (const char* text : {"5usd", "5 USD", "$5", "$5.00", "5$", "5.0 dollars", " $5usd "}) {
    EXPECT_EQ(DailyBudget{.nanodollars = 5 * kDollar}, parsed(text)) << text;
  }
  EXPECT_EQ(DailyBudget{.nanodollars = kDollar / 4}, parsed("0.25usd"));
  for (const char* text :
       {"200k", "200 K", "200000", "0.2m", "200k tokens", "200000 tokens", "200000.0"}) {
    EXPECT_EQ(DailyBudget{.tokens = 200'000}, parsed(text)) << text;
  }
  EXPECT_EQ(DailyBudget{.tokens = 5}, parsed("5 tokens"));
}

TEST(DailyBudget, IsNoneIfItIsZero) {
  for (const char* text : {"0", "0usd", "$0", "0k", "0.00"}) {
    EXPECT_FALSE(parsed(text).limits()) << text;
  }
}

TEST(DailyBudget, NeedsAUnitIfItCouldBeEither) {
  for (const char* text : {"5", "999", "20.50"}) {
    const auto budget = parse_daily_budget(text);
    ASSERT_FALSE(budget) << text;
    EXPECT_EQ("write dollars such as 5usd, or tokens such as 200k", budget.error().message);
  }
}

TEST(DailyBudget, RefusesWhatIsNoAmount) {
  for (const char* text : {"",
                           "usd",
                           "$",
                           "five",
                           "-5usd",
                           "5eur",
                           "$5k",
                           "1e3usd",
                           "nan",
                           "inf",
                           "5,000k",
                           "5usd/day",
                           "99999999999usd",
                           "9999999999999m",
                           "5usd6"}) {
    EXPECT_FALSE(parse_daily_budget(text)) << text;
  }
}

TEST(DailyBudget, OfAWorkspaceLowersTheRuns) {
  const DailyBudget run{.nanodollars = 5 * kDollar};
  EXPECT_EQ(run, workspace_budget(std::nullopt, run).value());
  const auto with = [&](std::string own) {
    return workspace_budget(WorkspaceConfig{.daily_budget = std::move(own)}, run);
  };
  EXPECT_EQ(run, with("  ").value());
  EXPECT_EQ(run, with("0").value());
  EXPECT_EQ(run, with("9usd").value());
  EXPECT_EQ(DailyBudget{.nanodollars = kDollar}, with("1usd").value());
  EXPECT_EQ((DailyBudget{.tokens = 10'000, .nanodollars = 5 * kDollar}), with("10k").value());
  EXPECT_FALSE(with("a lot"));
}

TEST(DailyBudget, IsUsedUpByWhatWasSpentOnThatDay) {
  const std::vector<DaySpending> spent{{"2026-11-28", {9'000, 9 * kDollar}},
                                       {"2026-11-29", {1'000, kDollar}}};
  const auto used_up = [&](const DailyBudget& budget, std::string_view day) {
    return is_used_up(budget, spent, day);
  };
  EXPECT_TRUE(used_up({.tokens = 1'000}, "2026-11-29"));
  EXPECT_FALSE(used_up({.tokens = 1'001}, "2026-11-29"));
  EXPECT_TRUE(used_up({.nanodollars = kDollar}, "2026-11-29"));
  EXPECT_FALSE(used_up({.nanodollars = kDollar + 1}, "2026-11-29"));
  EXPECT_TRUE(used_up({.tokens = 1'001, .nanodollars = kDollar}, "2026-11-29"));
  EXPECT_FALSE(used_up({}, "2026-11-29"));
  EXPECT_FALSE(used_up({.tokens = 1}, "2026-11-30"));
}

TEST(Spending, TakesNoAbsurdAmount) {
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  Spending spending;
  for (int call = 0; call < 3; ++call) spending.add(kHuge, kHuge);
  spending.add(-5, std::nullopt);
  EXPECT_EQ((Spending{3'000'000'000'000, 3'000'000'000'000}), spending);
}

TEST(WorkspaceDay, IsThatOfTheWorkspacesCalendar) {
  constexpr DatabaseTime kMidnight = 1'795'651'200'000;  // 2026-11-26T00:00:00Z
  EXPECT_EQ("2026-11-26", workspace_day(std::nullopt, TimeZone(), kMidnight));
  const WorkspaceConfig there{.timezone = "America/New_York"};
  EXPECT_EQ("2026-11-25", workspace_day(there, TimeZone(), kMidnight));
  EXPECT_EQ("2026-11-26",
            workspace_day(WorkspaceConfig{}, TimeZone::find("Asia/Kolkata").value(), kMidnight));
}

}  // namespace
}  // namespace autoreply

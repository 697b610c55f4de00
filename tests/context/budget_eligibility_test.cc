// What a workspace's daily budget does to a job.

#include <gtest/gtest.h>

#include "context/eligibility_case.h"

namespace autoreply {
namespace {

using Spent = test::EligibilityCase;

Spent a_case_of_spending() {
  Spent spent;
  spent.context.now = 1'795'651'200'000;  // 2026-11-26T00:00:00Z
  spent.context.spent = {{"2026-11-25", {.tokens = 90'000}}, {"2026-11-26", {.tokens = 5'000}}};
  spent.rules.daily_budget = {.tokens = 5'000};
  return spent;
}

TEST(EarlyResult, GivesAJobBackIfTheBudgetIsUsedUp) {
  const Spent spent = a_case_of_spending();
  EXPECT_EQ("defer: the workspace's daily budget is used up", spent.found());
  const auto result = early_result(spent.job, spent.context, spent.rules);
  EXPECT_EQ(WaitsFor::budget, result->waits_for);
  EXPECT_EQ(Scope::job, result->scope);
}

TEST(EarlyResult, SendsAReplyThatIsPaidForAlready) {
  Spent spent = a_case_of_spending();
  spent.context.recorded = RecordedReply{"log", "We open at 7."};
  EXPECT_EQ("none", spent.found());
}

TEST(EarlyResult, CountsOnlyTheDayOfTheWorkspacesCalendar) {
  Spent spent = a_case_of_spending();
  spent.rules.daily_budget.tokens = 6'000;
  EXPECT_EQ("none", spent.found());
  spent.context.config->timezone = "America/New_York";
  EXPECT_EQ("defer: the workspace's daily budget is used up", spent.found());
}

TEST(EarlyResult, NamesABudgetThatCannotBeRead) {
  Spent spent = a_case_of_spending();
  spent.context.config->daily_budget = "20";
  EXPECT_EQ(
      "defer: the workspace's daily_budget: write dollars such as 5usd, or tokens such as 200k",
      spent.found());
  EXPECT_EQ(Scope::workspace, early_result(spent.job, spent.context, spent.rules).value().scope);
}

}  // namespace
}  // namespace autoreply

#include "generate/prices/prices.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::sys_days;
using std::chrono::system_clock;
using namespace std::chrono_literals;

// A Sunday without any peak hours.
const system_clock::time_point kNow = sys_days(2026y / 11 / 22) + 12h;

TokenUsage used(std::int64_t input, std::int64_t cached, std::int64_t output) {
  return {input, cached, 0, output, input + output};
}

std::optional<std::int64_t> cost(std::string_view provider,
                                 std::string_view model,
                                 const TokenUsage& usage,
                                 system_clock::time_point when = kNow) {
  return PriceTable::built_in().cost(provider, model, usage, when);
}

TEST(PriceTable, KnowsNoCostOfUsageThatIsIncompleteOrCannotBeTrue) {
  EXPECT_TRUE(cost("openai", "gpt-4o-mini", used(100, 100, 10)));
  EXPECT_FALSE(cost("openai", "gpt-4o-mini", used(100, 101, 10)));
  EXPECT_FALSE(cost("openai", "gpt-4o-mini", {.input = 100, .output = {}, .total = 110}));
  EXPECT_FALSE(cost("openai", "gpt-4o-mini", {.input = {}, .output = 10, .total = 110}));
}

TEST(Prices, AgreeWithTheChecksOfTheirSources) {
  EXPECT_EQ(38'000, cost("openai", "gpt-6-luna-2026-09-22", used(1'412, 1'280, 24)));
  EXPECT_EQ(67'180, cost("anthropic", "claude-haiku-5-5", used(2'210, 2'048, 61)));
  EXPECT_EQ(462'150, cost("gemini", "gemini-3.8-flash", used(612, 512, 93)));
  EXPECT_EQ(28'368, cost("deepseek", "deepseek-flash", used(300, 256, 35)));
}

TEST(Prices, FollowTheHourAndTheDay) {
  const TokenUsage usage = used(300, 256, 35);
  const system_clock::time_point monday = sys_days(2026y / 11 / 23);
  EXPECT_EQ(28'368, cost("deepseek", "deepseek-flash", usage, monday + 59min));
  EXPECT_EQ(56'736, cost("deepseek", "deepseek-flash", usage, monday + 1h));
  EXPECT_EQ(56'736, cost("deepseek", "deepseek-flash", usage, monday + 9h + 59min));
  EXPECT_EQ(28'368, cost("deepseek", "deepseek-flash", usage, monday + 10h));
  EXPECT_EQ(750'000, cost("gemini", "gemini-3.8-flash", used(1'000, 0, 0)));
  EXPECT_EQ(1'500'000,
            cost("gemini", "gemini-3.8-flash", used(1'000, 0, 0), sys_days(2027y / 1 / 1)));
  EXPECT_EQ(std::nullopt, cost("openai", "gpt-6-luna", usage, sys_days(2026y / 9 / 21)));
}

TEST(Prices, FollowTheSizeOfThePrompt) {
  EXPECT_EQ(100'000 * 100, cost("anthropic", "claude-haiku-5-5", used(100'000, 0, 0)));
  EXPECT_EQ(100'001 * 500, cost("anthropic", "claude-haiku-5-5", used(100'001, 0, 0)));
  EXPECT_EQ(272'001 * 200 + 10 * 750, cost("openai", "gpt-6-luna", used(272'001, 0, 10)));
}

TEST(Prices, KeepFractionsOfANanodollarUntilTheEnd) {
  EXPECT_EQ(75, cost("groq", "openai/gpt-oss-20b", used(2, 2, 0)));
  EXPECT_EQ(38, cost("groq", "openai/gpt-oss-20b", used(1, 1, 0)));
}

TEST(Prices, AreEmptyWhereUnknownAndZeroWhereLocal) {
  EXPECT_EQ(std::nullopt, cost("openai", "gpt-9", used(1, 0, 1)));
  EXPECT_EQ(std::nullopt, cost("openai", "", used(1, 0, 1)));
  EXPECT_EQ(std::nullopt, cost("openrouter", "openai/gpt-6-luna", used(1, 0, 1)));
  EXPECT_EQ(std::nullopt, cost("mistral", "gpt-6-luna", used(1, 0, 1)));
  EXPECT_EQ(0, cost("ollama", "anything", used(1'000, 0, 1'000)));
  EXPECT_EQ(150, cost("openai", "GPT-4o-mini-2024-07-18", used(1, 0, 0)));
}

TEST(Prices, FitIntoTheirTypeForTheLargestCounts) {
  const std::int64_t most = 1'000'000'000;
  EXPECT_GT(cost("openai", "gpt-6-astra", {most, 0, most, most, most}).value_or(0), 0);
}

TEST(Prices, CanBeOverridden) {
  const auto own = PriceTable::parse(
      "openai\tgpt-6-luna\t-\t-\t-\t1\t-\t2\t-\tour contract\r\n"
      "openai\tours\t2026-01-01\tdaily 00-24\t-\t0.000001\t0\t0\t0\tours\n");
  ASSERT_TRUE(own) << own.error().message;
  const PriceTable table = PriceTable::built_in().overridden_by(*own);
  EXPECT_EQ(100 * 1'000 + 10 * 2'000, table.cost("openai", "gpt-6-luna", used(100, 50, 10), kNow));
  EXPECT_EQ(1, table.cost("openai", "ours", used(1'000, 0, 0), kNow));
  EXPECT_EQ(150, table.cost("openai", "gpt-4o-mini", used(1, 0, 0), kNow));
}

TEST(Prices, RefuseMalformedRows) {
  for (const char* row : {"openai\tm",
                          "openai\tm\t-\t-\t-\t-1\t-\t2\t-\ts",
                          "openai\tm\tsoon\t-\t-\t1\t-\t2\t-\ts",
                          "openai\tm\t-\tsometimes\t-\t1\t-\t2\t-\ts",
                          "openai\tm\t-\tdaily 9-33\t-\t1\t-\t2\t-\ts",
                          "openai\tm\t-\t-\tmany\t1\t-\t2\t-\ts",
                          "openai\tm\t-\t-\t-\tnan\t-\t2\t-\ts",
                          "\tm\t-\t-\t-\t1\t-\t2\t-\ts"}) {
    const auto table = PriceTable::parse(std::string("# comment\n\n") + row);
    ASSERT_FALSE(table) << row;
    EXPECT_TRUE(table.error().message.starts_with("line 3 ")) << table.error().message;
  }
}

}  // namespace
}  // namespace autoreply

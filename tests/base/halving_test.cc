#include "base/halving.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

/// Refuses every batch that contains a negative number, as a database refuses a batch because of
/// one poisoned row.
struct PickyStore {
  int calls = 0;

  Result<Results<int>> operator()(std::span<const int> numbers) {
    ++calls;
    if (std::any_of(numbers.begin(), numbers.end(), [](int number) { return number < 0; })) {
      return fail(ErrorKind::refused, "negative");
    }
    return Results<int>(numbers.begin(), numbers.end());
  }
};

bool is_refused(const Error& error) {
  return error.kind == ErrorKind::refused;
}

std::string served(std::vector<int> numbers, PickyStore& store) {
  std::string text;
  for (const Result<int>& result : halve_until_done<int, int>(
           numbers, [&store](std::span<const int> part) { return store(part); }, is_refused)) {
    text += result ? std::to_string(*result) : "x";
  }
  return text;
}

TEST(HalveUntilDone, DoesAGoodBatchInOneCall) {
  PickyStore store;
  EXPECT_EQ("12345", served({1, 2, 3, 4, 5}, store));
  EXPECT_EQ(1, store.calls);
}

TEST(HalveUntilDone, LetsOnlyTheCulpritsFail) {
  PickyStore store;
  EXPECT_EQ("12x456x8", served({1, 2, -3, 4, 5, 6, -7, 8}, store));
  EXPECT_LE(store.calls, 16);
}

TEST(HalveUntilDone, ReportsASingleCulprit) {
  PickyStore store;
  EXPECT_EQ("x", served({-1}, store));
  EXPECT_EQ("", served({}, store));
}

TEST(HalveUntilDone, DoesNotTryTheHalvesForAnotherReason) {
  int calls = 0;
  const auto results = halve_until_done<int, int>(
      std::vector<int>{1, 2, 3},
      [&calls](std::span<const int>) -> Result<Results<int>> {
        ++calls;
        return fail(ErrorKind::unavailable, "gone");
      },
      is_refused);
  EXPECT_EQ(1, calls);
  ASSERT_EQ(3U, results.size());
  EXPECT_EQ(ErrorKind::unavailable, results[2].error().kind);
}

}  // namespace
}  // namespace autoreply

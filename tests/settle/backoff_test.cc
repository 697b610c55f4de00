#include "settle/backoff.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

TEST(RetryDelay, GrowsByTheFactorFromTheBase) {
  const Backoff backoff{.jitter = 0.0};
  EXPECT_EQ(milliseconds{5'000}, retry_delay(backoff, 1, 0.0));
  EXPECT_EQ(milliseconds{25'000}, retry_delay(backoff, 2, 0.0));
  EXPECT_EQ(milliseconds{125'000}, retry_delay(backoff, 3, 0.0));
}

TEST(RetryDelay, StopsAtTheCapHoweverLargeTheAttempt) {
  const Backoff backoff{.jitter = 0.0};
  EXPECT_EQ(backoff.cap, retry_delay(backoff, 6, 0.0));
  EXPECT_EQ(backoff.cap, retry_delay(backoff, 1'000'000, 0.0));
}

TEST(RetryDelay, IsSpreadByTheJitterEitherWay) {
  const Backoff backoff{.jitter = 0.2};
  EXPECT_EQ(milliseconds{4'000}, retry_delay(backoff, 1, -1.0));
  EXPECT_EQ(milliseconds{5'500}, retry_delay(backoff, 1, 0.5));
  EXPECT_EQ(milliseconds{6'000}, retry_delay(backoff, 1, 1.0));
}

TEST(RetryDelay, TakesAnAttemptBelowOneForTheFirst) {
  const Backoff backoff{.jitter = 0.0};
  EXPECT_EQ(backoff.base, retry_delay(backoff, 0, 0.0));
  EXPECT_EQ(backoff.base, retry_delay(backoff, -3, 0.0));
}

TEST(RetryDelay, StaysConstantWithAFactorOfOneAndZeroWithABaseOfZero) {
  EXPECT_EQ(milliseconds{5'000}, retry_delay({.factor = 1.0, .jitter = 0.0}, 9, 0.0));
  EXPECT_EQ(milliseconds{0}, retry_delay({.base = milliseconds{0}}, 5, 1.0));
}

}  // namespace
}  // namespace autoreply

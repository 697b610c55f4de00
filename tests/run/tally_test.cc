#include <gtest/gtest.h>

#include "run/summary.h"

namespace autoreply {
namespace {

Summary summary_of(const Tally& tally) {
  Summary summary;
  tally.write_to(summary);
  return summary;
}

TEST(Tally, SaysOnceThatNothingSettles) {
  int said = 0;
  Tally tally([&said] { ++said; });
  tally.count_refused();
  tally.count_refused();
  EXPECT_FALSE(tally.nothing_settles());
  EXPECT_TRUE(summary_of(tally).settlements_refused) << "a run of two jobs has no third";
  tally.count_refused();
  tally.count_refused();
  EXPECT_TRUE(tally.nothing_settles());
  EXPECT_EQ(1, said);
  EXPECT_EQ(4, summary_of(tally).lost);
}

TEST(Tally, StaysWithItWhenWhatWasNotStartedIsReleased) {
  Tally tally;
  for (int refusal = 0; refusal < 3; ++refusal) tally.count_refused();
  tally.count(Outcome::released);
  EXPECT_TRUE(tally.nothing_settles());
  EXPECT_TRUE(summary_of(tally).settlements_refused);
}

TEST(Tally, TakesRefusalsForSingleCulpritsOnceSomethingSettled) {
  Tally tally;
  tally.count(Outcome::completed);
  for (int refusal = 0; refusal < 9; ++refusal) tally.count_refused();
  EXPECT_FALSE(tally.nothing_settles());
  EXPECT_FALSE(summary_of(tally).settlements_refused);
}

}  // namespace
}  // namespace autoreply

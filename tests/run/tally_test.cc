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
  tally.count_refused({"job"});
  tally.count_refused({"job"});
  EXPECT_FALSE(tally.nothing_settles());
  EXPECT_TRUE(summary_of(tally).settlements_refused) << "a run of two jobs has no third";
  tally.count_refused({"job"});
  tally.count_refused({"job"});
  EXPECT_TRUE(tally.nothing_settles());
  EXPECT_EQ(1, said);
  EXPECT_EQ(4, summary_of(tally).lost);
}

TEST(Tally, StaysWithItWhenWhatWasNotStartedIsReleased) {
  Tally tally;
  for (int refusal = 0; refusal < 3; ++refusal) tally.count_refused({"job"});
  tally.count({"job"}, Outcome::released, "", Scope::job);
  EXPECT_TRUE(tally.nothing_settles());
  EXPECT_TRUE(summary_of(tally).settlements_refused);
}

TEST(Tally, TakesRefusalsForSingleCulpritsOnceSomethingSettled) {
  Tally tally;
  tally.count({"another"}, Outcome::completed, "", Scope::job);
  for (int refusal = 0; refusal < 9; ++refusal) tally.count_refused({"job"});
  EXPECT_FALSE(tally.nothing_settles());
  EXPECT_FALSE(summary_of(tally).settlements_refused);
}

TEST(Tally, TellsByTheLastOutcomeOfEachJobWhatIsNotOver) {
  Tally tally;
  tally.count({"retried, then answered"}, Outcome::retried, "", Scope::job);
  tally.count({"retried, then answered"}, Outcome::completed, "", Scope::job);
  tally.count({"failed"}, Outcome::failed, "", Scope::job);
  tally.count({"deferred"}, Outcome::deferred, "", Scope::workspace);
  tally.count({"for the operator"}, Outcome::deferred, "", Scope::the_operator);
  tally.count_lost({"lost"});
  const Summary summary = summary_of(tally);
  EXPECT_EQ(1, summary.failed_last);
  EXPECT_EQ(2, summary.unfinished_last);
  EXPECT_EQ(1, summary.for_operator_last);
  EXPECT_EQ(1, summary.outcomes[Outcome::retried]);
}

TEST(Tally, CountsAJobThatWasPutBackAsDeferred) {
  Tally tally;
  tally.count({"wronged"}, Outcome::failed, "", Scope::job);
  tally.count_put_back({"wronged"}, Scope::the_operator);
  tally.count_put_back({"of an earlier run"}, Scope::the_operator);
  const Summary summary = summary_of(tally);
  EXPECT_EQ(0, summary.outcomes[Outcome::failed]);
  EXPECT_EQ(1, summary.outcomes[Outcome::deferred]);
  EXPECT_EQ(0, summary.failed_last);
  EXPECT_EQ(1, summary.for_operator_last);
}

TEST(Tally, KnowsWhichGenerationsHaveAPrice) {
  Tally tally;
  tally.add_usage(10, 500);
  tally.add_usage(10, std::nullopt);
  tally.add_usage(std::nullopt, std::nullopt);
  const Summary summary = summary_of(tally);
  EXPECT_EQ(20, summary.tokens);
  EXPECT_EQ(1, summary.priced);
  EXPECT_EQ(1, summary.unpriced);
}

}  // namespace
}  // namespace autoreply

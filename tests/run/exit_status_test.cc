#include "run/exit_status.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

int status_of(const Summary& summary, FailOn fail_on = FailOn::retry) {
  return static_cast<int>(exit_status(summary, fail_on));
}

TEST(ExitStatus, IsZeroWhenThereWasNothingToDoOrAllIsAnswered) {
  EXPECT_EQ(0, status_of({}));
  EXPECT_EQ(0, status_of({.claimed = 3, .completed = 2, .skipped = 1}));
}

TEST(ExitStatus, IsZeroWhenLimitsHeldJobsBack) {
  EXPECT_EQ(0, status_of({.throttled = 5}));
}

TEST(ExitStatus, IsOneWhenAJobFailedWhateverElseHappened) {
  EXPECT_EQ(1, status_of({.claimed = 1, .failed = 1}));
  EXPECT_EQ(1, status_of({.claimed = 3, .completed = 1, .retried = 1, .failed = 1}));
}

TEST(ExitStatus, IsSeventyFiveWhenSomethingIsToBeTriedAgain) {
  EXPECT_EQ(75, status_of({.claimed = 1, .retried = 1}));
  EXPECT_EQ(75, status_of({.claimed = 1, .deferred = 1}));
  EXPECT_EQ(75, status_of({.claimed = 1, .released = 1}));
  EXPECT_EQ(75, status_of({.claimed = 1, .lost = 1}));
  EXPECT_EQ(75, status_of({.held_back = 1}));
  EXPECT_EQ(75, status_of({.turn_missed = true}));
}

TEST(ExitStatus, FollowsFailOn) {
  const Summary retried{.claimed = 1, .retried = 1};
  const Summary failed{.claimed = 1, .failed = 1};
  EXPECT_EQ(0, status_of(retried, FailOn::error));
  EXPECT_EQ(1, status_of(failed, FailOn::error));
  EXPECT_EQ(0, status_of(retried, FailOn::never));
  EXPECT_EQ(0, status_of(failed, FailOn::never));
}

TEST(ExitStatus, TellsOfALostDatabaseAndOfDefectsWhateverFailOnSays) {
  for (const FailOn fail_on : {FailOn::retry, FailOn::error, FailOn::never}) {
    EXPECT_EQ(69,
              status_of({.claimed = 2, .failed = 1, .lost = 1, .database_lost = true}, fail_on));
    EXPECT_EQ(70, status_of({.claimed = 1, .lost = 1, .settlements_refused = true}, fail_on));
    EXPECT_EQ(70, status_of({.broken = true}, fail_on));
  }
}

}  // namespace
}  // namespace autoreply

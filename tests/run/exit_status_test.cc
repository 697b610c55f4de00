#include "run/exit_status.h"

#include <gtest/gtest.h>

#include "run/summary.h"

namespace autoreply {
namespace {

int status_of(const Summary& summary, FailOn fail_on = FailOn::retry) {
  return static_cast<int>(exit_status(summary, fail_on));
}

TEST(ExitStatus, IsZeroWhenThereWasNothingToDoOrAllIsAnswered) {
  EXPECT_EQ(0, status_of({}));
  Summary summary{.claimed = 3};
  summary.outcomes[Outcome::completed] = 2;
  summary.outcomes[Outcome::skipped] = 1;
  EXPECT_EQ(0, status_of(summary));
}

TEST(ExitStatus, IsZeroWhenLimitsHeldJobsBack) {
  EXPECT_EQ(0, status_of({.throttled = 5}));
}

Summary held_back_in(Scope scope) {
  return {.held_back = 1, .breakers = {{.scope = scope, .jobs = 1}}};
}

TEST(ExitStatus, IsOneWhenAJobFailedWhateverElseIsToBeTriedAgain) {
  EXPECT_EQ(1, status_of({.failed_last = 1}));
  EXPECT_EQ(1, status_of({.failed_last = 1, .unfinished_last = 1}));
}

TEST(ExitStatus, IsSeventyFiveWhenSomethingIsToBeTriedAgain) {
  EXPECT_EQ(75, status_of({.unfinished_last = 1}));
  EXPECT_EQ(75, status_of(held_back_in(Scope::job)));
  EXPECT_EQ(75, status_of({.turn_missed = true}));
  EXPECT_EQ(75, status_of({.row_refused = true}));
}

TEST(ExitStatus, IsZeroWhenAWorkspacesOwnSettingsHoldItsJobsBack) {
  EXPECT_EQ(0, status_of(held_back_in(Scope::workspace)));
}

TEST(ExitStatus, IsSeventyEightWhenTheOperatorMustMendSomethingWhateverFailOnSays) {
  for (const FailOn fail_on : {FailOn::retry, FailOn::error, FailOn::never}) {
    EXPECT_EQ(78, status_of(held_back_in(Scope::the_operator), fail_on));
    EXPECT_EQ(78, status_of({.for_operator_last = 1}, fail_on));
    EXPECT_EQ(78, status_of({.misfit = "no column body"}, fail_on));
    EXPECT_EQ(78, status_of({.failed_last = 1, .for_operator_last = 1}, fail_on));
  }
}

TEST(ExitStatus, FollowsFailOn) {
  const Summary retried{.unfinished_last = 1};
  const Summary failed{.failed_last = 1};
  EXPECT_EQ(0, status_of(retried, FailOn::error));
  EXPECT_EQ(1, status_of(failed, FailOn::error));
  EXPECT_EQ(0, status_of(retried, FailOn::never));
  EXPECT_EQ(0, status_of(failed, FailOn::never));
}

TEST(ExitStatus, TellsOfALostDatabaseAndOfDefectsWhateverFailOnSays) {
  for (const FailOn fail_on : {FailOn::retry, FailOn::error, FailOn::never}) {
    EXPECT_EQ(69,
              status_of({.failed_last = 1, .unfinished_last = 1, .database_lost = true}, fail_on));
    EXPECT_EQ(70, status_of({.unfinished_last = 1, .settlements_refused = true}, fail_on));
    EXPECT_EQ(70, status_of({.broken = true}, fail_on));
  }
}

}  // namespace
}  // namespace autoreply

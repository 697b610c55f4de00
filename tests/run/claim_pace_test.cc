#include "run/claim_pace.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

constexpr ClaimPace kPace{.limit = 100, .concurrency = 4};
constexpr LastClaim kFull{.wanted = 10, .taken = 10, .before = {}, .after = {.unstarted = 10}};
constexpr LastClaim kShort{
    .wanted = 10, .taken = 4, .before = {}, .after = {.unstarted = 0, .running = 4}};

TEST(ClaimPace, ClaimsUpToTheLimitOfTheRun) {
  EXPECT_EQ(100, claim_size(kPace, 0));
  EXPECT_EQ(1, claim_size(kPace, 99));
  EXPECT_EQ(0, claim_size(kPace, 100));
  EXPECT_EQ(1'000, claim_size({.limit = 5'000, .concurrency = 4}, 0)) << "at once";
}

TEST(ClaimPace, ClaimsTheLimitEachTimeWhileItDrains) {
  EXPECT_EQ(100, claim_size({.limit = 100, .concurrency = 4, .drain = true}, 700));
}

TEST(ClaimPace, EndsIfNothingWasFoundAndNothingWasUnderWay) {
  const LastClaim nothing{.wanted = 10, .taken = 0, .before = {}, .after = {}};
  EXPECT_EQ(ClaimStep::end, next_step(kPace, nothing, {}, milliseconds{0}));
}

TEST(ClaimPace, ClaimsAgainIfNothingWasFoundAndRunningJobsHaveEndedSince) {
  const LastClaim nothing{
      .wanted = 10, .taken = 0, .before = {.running = 1}, .after = {.running = 1}};
  EXPECT_EQ(ClaimStep::wait, next_step(kPace, nothing, {.running = 1}, milliseconds{0}));
  EXPECT_EQ(ClaimStep::claim, next_step(kPace, nothing, {.finished = 1}, milliseconds{0}));
}

TEST(ClaimPace, ClaimsAgainAfterAFullClaimBeforeThePoolRunsDry) {
  EXPECT_EQ(ClaimStep::wait,
            next_step(kPace, kFull, {.unstarted = 4, .running = 4}, milliseconds{9'000}));
  EXPECT_EQ(ClaimStep::claim,
            next_step(kPace, kFull, {.unstarted = 3, .running = 4}, milliseconds{0}));
}

TEST(ClaimPace, CountsNoJobThatNoThreadMayBegin) {
  EXPECT_EQ(
      ClaimStep::claim,
      next_step(kPace, kFull, {.unstarted = 50, .held_up = 48, .running = 1}, milliseconds{0}));
}

TEST(ClaimPace, HoardsNoJobsThatWaitForOthers) {
  EXPECT_EQ(
      ClaimStep::wait,
      next_step(
          kPace, kFull, {.unstarted = 1'000, .held_up = 1'000, .running = 1}, milliseconds{9'000}));
}

TEST(ClaimPace, WaitsAfterAShortClaimUntilHalfOfTheJobsHaveEnded) {
  EXPECT_EQ(ClaimStep::wait,
            next_step(kPace, kShort, {.running = 3, .finished = 1}, milliseconds{100}));
  EXPECT_EQ(ClaimStep::claim,
            next_step(kPace, kShort, {.running = 2, .finished = 2}, milliseconds{100}));
}

TEST(ClaimPace, WaitsAfterAShortClaimNoLongerThanAPauseOnceOneHasEnded) {
  EXPECT_EQ(ClaimStep::claim,
            next_step(kPace, kShort, {.running = 3, .finished = 1}, kReclaimPause));
  EXPECT_EQ(ClaimStep::wait,
            next_step(kPace, kShort, {.running = 4, .finished = 0}, milliseconds{60'000}));
  EXPECT_EQ(ClaimStep::wait,
            next_step(kPace, kShort, {.unstarted = 1, .running = 3, .finished = 1}, kReclaimPause));
}

TEST(ClaimPace, LooksAgainEachSecondIfTheRunLingers) {
  constexpr ClaimPace kLingers{.limit = 100, .concurrency = 4, .lingers = true};
  EXPECT_EQ(100, claim_size(kLingers, 700));
  EXPECT_EQ(ClaimStep::wait, next_step(kLingers, kShort, {.running = 4}, milliseconds{999}));
  EXPECT_EQ(ClaimStep::claim, next_step(kLingers, kShort, {.running = 4}, kLookPause));
  EXPECT_EQ(ClaimStep::wait,
            next_step(kLingers, kShort, {.unstarted = 1, .running = 4}, kLookPause))
      << "all threads are busy";
}

TEST(ClaimPace, ClaimsAtOnceWhenNothingIsLeftToDo) {
  EXPECT_EQ(ClaimStep::claim, next_step(kPace, kShort, {.finished = 4}, milliseconds{0}));
  EXPECT_EQ(ClaimStep::claim, next_step(kPace, kFull, {.finished = 10}, milliseconds{0}));
}

}  // namespace
}  // namespace autoreply

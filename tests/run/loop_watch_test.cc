#include "run/loop_watch.h"

#include <atomic>
#include <chrono>

#include <gtest/gtest.h>

#include "support/heart.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;

TEST(LoopWatch, FindsALoopThatDoesTheSameStepAtEachLook) {
  Loop loop;
  LoopWatch watch;
  watch.add(loop);
  bool found_too_early = false;
  bool found = false;
  for (int step = 0; step < 2; ++step) {
    loop.post([&] {
      for (int look = 0; look < 3; ++look) {
        found_too_early = watch.finds_one_standing_still(3) || found_too_early;
      }
    });
  }
  loop.post([&] {
    for (int look = 0; look < 4; ++look) found = watch.finds_one_standing_still(3);
  });
  loop.end();
  loop.run();
  EXPECT_FALSE(found_too_early);
  EXPECT_TRUE(found);
}

TEST(LoopWatch, FindsNothingWrongWithALoopThatSleeps) {
  const Loop loop;
  LoopWatch watch;
  watch.add(loop);
  for (int look = 0; look < 9; ++look) EXPECT_FALSE(watch.finds_one_standing_still(1));
}

TEST(LoopWatch, KeepsTheLongestStepOfALoopThatIsGone) {
  LoopWatch watch;
  {
    Loop loop;
    watch.add(loop);
    loop.post([] {
      const auto until = ThreadClock::now() + milliseconds(2);
      while (ThreadClock::now() < until) {
      }
    });
    loop.end();
    loop.run();
    watch.remove(loop);
  }
  EXPECT_GE(watch.longest_step(), milliseconds(2));
  EXPECT_FALSE(watch.finds_one_standing_still(0));
}

TEST(LoopWatchDeathTest, ARunWhoseLoopStandsStillEndsAndItsLeasesRunOut) {
  const auto run = [] {
    Heart heart;
    heart.rules.claim.lease = milliseconds(150);
    heart.add_job();
    std::atomic<bool> goes_on{true};
    heart.peers.provider = [&goes_on](const HttpRequest&) -> HttpResult {
      while (goes_on) {
      }
      return {};
    };
    heart.run();
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(70), "kept the others waiting");
}

}  // namespace
}  // namespace autoreply::test

#include "store/outage_clock.h"

#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using Change = OutageClock::Change;

constexpr milliseconds kLong{60'000};
constexpr milliseconds kSoon{10'000};

TEST(OutageClock, CountsFromTheFirstLoss) {
  OutageClock clock(kLong);
  EXPECT_FALSE(clock.deadline());
  clock.note_loss("cut");
  const auto first = clock.deadline();
  ASSERT_TRUE(first);
  clock.note_loss("cut again");
  EXPECT_EQ(first, clock.deadline());
}

TEST(OutageClock, EndsWithAnAnswer) {
  std::vector<Change> changes;
  OutageClock clock(
      kLong, {}, [&](Change change, const std::string&) { changes.push_back(change); });
  clock.note_loss("cut");
  clock.note_loss("cut");
  clock.note_answer();
  clock.note_answer();
  EXPECT_FALSE(clock.deadline());
  EXPECT_TRUE(clock.check());
  EXPECT_THAT(changes, ElementsAre(Change::began, Change::ended));
}

TEST(OutageClock, GivesUpOnceForAll) {
  std::vector<std::string> reasons;
  OutageClock clock(
      kLong, {}, [&](Change, const std::string& reason) { reasons.push_back(reason); });
  clock.give_up("it did not come back");
  clock.give_up("another reason");
  const auto possible = clock.check();
  ASSERT_FALSE(possible);
  EXPECT_EQ(ErrorKind::unavailable, possible.error().kind);
  EXPECT_THAT(reasons, ElementsAre("it did not come back"));
  EXPECT_FALSE(clock.pause(kLong));
}

TEST(OutageClock, PausesNoLongerThanTheRunLasts) {
  std::stop_source break_off;
  OutageClock clock(kLong, break_off.get_token());
  EXPECT_TRUE(clock.pause(milliseconds{1}));
  std::jthread breaker([&break_off] { break_off.request_stop(); });
  const auto begun = OutageClock::Clock::now();
  EXPECT_FALSE(clock.pause(kLong));
  EXPECT_LT(OutageClock::Clock::now() - begun, kSoon);
}

TEST(OutageClock, LeavesABrokenOffRunALastMoment) {
  std::stop_source break_off;
  OutageClock clock(kLong, break_off.get_token());
  EXPECT_EQ(OutageClock::Clock::time_point::max(), clock.last_moment());
  break_off.request_stop();
  EXPECT_LE(clock.last_moment(), OutageClock::Clock::now() + OutageClock::kLastMoment);
  EXPECT_TRUE(clock.check());
}

TEST(OutageClock, TakesARunThatIsAlreadyBrokenOff) {
  std::stop_source break_off;
  break_off.request_stop();
  OutageClock clock(kLong, break_off.get_token());
  EXPECT_NE(OutageClock::Clock::time_point::max(), clock.last_moment());
}

}  // namespace
}  // namespace autoreply

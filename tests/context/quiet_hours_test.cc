#include "context/quiet_hours.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const TimeZone::Instant kMidnight{std::chrono::seconds(1'795'651'200)};  // 2026-11-26, UTC

std::string read(std::string_view text) {
  const auto parsed = parse_quiet_hours(text);
  return parsed ? std::to_string(parsed->from.count()) + "-" + std::to_string(parsed->to.count())
                : "wrong";
}

TEST(QuietHours, AreReadFromText) {
  EXPECT_EQ("1260-480", read("21:00-08:00"));
  EXPECT_EQ("1290-450", read(" 21:30 - 7:30 "));
  EXPECT_EQ("720-0", read("12:00-24:00"));
  EXPECT_EQ("0-480", read("00:00-08:00"));
  for (const char* text : {"",
                           "-",
                           "21:00",
                           "21-8",
                           "9pm-8am",
                           "21:00-25:00",
                           "21:60-08:00",
                           "08:00-08:00",
                           "00:00-24:00",
                           "24:30-08:00",
                           "2100-0800",
                           "1:2-3:4"}) {
    EXPECT_EQ("wrong", read(text)) << text;
  }
}

TEST(QuietHours, HoldOverMidnightAndEndOnTheNextDay) {
  const QuietHours night{hours(21), hours(8)};
  const TimeZone utc;
  EXPECT_EQ(kMidnight + hours(8), end_of_quiet(night, utc, kMidnight));
  EXPECT_EQ(kMidnight + hours(32), end_of_quiet(night, utc, kMidnight + hours(21)));
  EXPECT_FALSE(end_of_quiet(night, utc, kMidnight + hours(8)));
  EXPECT_FALSE(end_of_quiet(night, utc, kMidnight + hours(21) - minutes(1)));
  const QuietHours noon{hours(12), hours(13)};
  EXPECT_EQ(kMidnight + hours(13), end_of_quiet(noon, utc, kMidnight + hours(12)));
  EXPECT_FALSE(end_of_quiet(noon, utc, kMidnight));
}

TEST(QuietHours, FollowTheClocksOfAZone) {
  const QuietHours night{hours(21), hours(8)};
  const auto new_york = TimeZone::find("America/New_York").value();
  EXPECT_FALSE(end_of_quiet(night, new_york, kMidnight));  // 19:00 there
  EXPECT_EQ(kMidnight + hours(13), end_of_quiet(night, new_york, kMidnight + hours(3)));
}

}  // namespace
}  // namespace autoreply

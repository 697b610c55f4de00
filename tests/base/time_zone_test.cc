#include "base/time_zone.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

TimeZone::Instant at(std::int64_t since_1970) {
  return TimeZone::Instant{std::chrono::seconds(since_1970)};
}

constexpr std::int64_t kNov26 = 1'795'651'200;  // 2026-11-26T00:00:00Z, a Thursday

TEST(TimeZone, FindsZonesByTheirNames) {
  for (const char* name :
       {"America/New_York", " Europe/Berlin\n", "Asia/Kolkata", "UTC", "Etc/GMT+5"}) {
    EXPECT_TRUE(TimeZone::find(name)) << name;
  }
  for (const char* name :
       {"", "Mars/Olympus", "../../etc/passwd", "America/New York", "EST5EDT4;x"}) {
    EXPECT_FALSE(TimeZone::find(name)) << name;
  }
  EXPECT_EQ("UTC", TimeZone().name());
}

TEST(TimeZone, ShowsClocksAndCalendars) {
  const auto berlin = TimeZone::find("Europe/Berlin").value();
  EXPECT_EQ(hours(1), berlin.time_of_day(at(kNov26)));
  EXPECT_EQ("01:00", berlin.time_text(at(kNov26)));
  EXPECT_EQ("Thursday, 26 November 2026", berlin.date_text(at(kNov26)));
  const auto new_york = TimeZone::find("America/New_York").value();
  EXPECT_EQ("19:00", new_york.time_text(at(kNov26)));
  EXPECT_EQ("Wednesday, 25 November 2026", new_york.date_text(at(kNov26)));
  EXPECT_EQ("00:00", TimeZone().time_text(at(kNov26)));
}

TEST(TimeZone, FindsTheNextTimeOfDay) {
  const auto new_york = TimeZone::find("America/New_York").value();
  EXPECT_EQ(at(kNov26) + hours(13), new_york.next(hours(8), at(kNov26)));
  EXPECT_EQ(at(kNov26) + hours(24), new_york.next(hours(19), at(kNov26)));
  EXPECT_EQ(at(kNov26) + hours(24), TimeZone().next(minutes(0), at(kNov26)));
  EXPECT_EQ(at(kNov26), TimeZone().next(minutes(0), at(kNov26) - milliseconds(1)));
}

TEST(TimeZone, FindsTimesThatClocksSkipOrShowTwice) {
  const auto new_york = TimeZone::find("America/New_York").value();
  constexpr std::int64_t kSpring = 1'772'953'200;  // 2026-03-08T07:00:00Z, clocks go to 3:00
  EXPECT_EQ(at(kSpring), new_york.next(hours(2) + minutes(30), at(kSpring) - hours(3)));
  constexpr std::int64_t kAutumn = 1'793'512'800;  // 2026-11-01T06:00:00Z, clocks go back to 1:00
  EXPECT_EQ(at(kAutumn) + minutes(30),
            new_york.next(hours(1) + minutes(30), at(kAutumn) + minutes(10)));
  EXPECT_EQ("Sunday, 1 November 2026", new_york.date_text(at(kAutumn)));
  EXPECT_EQ(at(kAutumn) - minutes(30),
            new_york.next(hours(1) + minutes(30), at(kAutumn) - hours(3)));
}

}  // namespace
}  // namespace autoreply

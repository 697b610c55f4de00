// What quiet hours do to a job.

#include <gtest/gtest.h>

#include "context/eligibility_case.h"

namespace autoreply {
namespace {

using std::chrono::hours;

using Night = test::EligibilityCase;

Night a_case_at_night() {
  Night night;
  night.context.now = 1'795'651'200'000;  // 2026-11-26T00:00:00Z
  night.rules.quiet_hours = QuietHours{hours(21), hours(8)};
  return night;
}

TEST(EarlyResult, WaitsForTheEndOfQuietHours) {
  const Night night = a_case_at_night();
  EXPECT_EQ("defer: quiet hours until 08:00 (UTC)", night.found());
  const auto result = early_result(night.job, night.context, night.rules);
  EXPECT_EQ(std::chrono::milliseconds(hours(8)), result->wait);
  EXPECT_EQ(WaitsFor::quiet_hours, result->waits_for);
  EXPECT_EQ(Scope::job, result->scope);

  Night sent_before = a_case_at_night();
  sent_before.context.recorded = RecordedReply{"log", "We open at 7."};
  EXPECT_EQ("defer: quiet hours until 08:00 (UTC)", sent_before.found());
  Night day = a_case_at_night();
  day.context.now += std::chrono::milliseconds(hours(12)).count();
  EXPECT_EQ("none", day.found());
}

TEST(EarlyResult, UsesTheClocksOfTheContactOrTheWorkspace) {
  Night there = a_case_at_night();
  there.context.config->timezone = "America/New_York";  // 19:00
  EXPECT_EQ("none", there.found());
  there.context.contact->timezone = "Europe/Berlin";
  EXPECT_EQ("defer: quiet hours until 08:00 (Europe/Berlin)", there.found());
  there.context.contact->timezone = "nonsense";
  EXPECT_EQ("none", there.found());
  Night run = a_case_at_night();
  run.rules.timezone = TimeZone::find("America/New_York").value();
  EXPECT_EQ("none", run.found());
}

TEST(EarlyResult, KeepsAWorkspacesOwnQuietHoursToo) {
  Night own = a_case_at_night();
  own.rules.quiet_hours.reset();
  EXPECT_EQ("none", own.found());
  own.context.config->quiet_hours = "23:00-06:30";
  EXPECT_EQ("defer: quiet hours until 06:30 (UTC)", own.found());
  own.rules.quiet_hours = QuietHours{hours(6), hours(9)};
  EXPECT_EQ("defer: quiet hours until 09:00 (UTC)", own.found());

  Night wrong = a_case_at_night();
  wrong.context.config->quiet_hours = "at night";
  EXPECT_EQ(
      "defer: the workspace's quiet_hours: write two different times of the day, such as "
      "21:00-08:00",
      wrong.found());
  Night nowhere = a_case_at_night();
  nowhere.context.config->timezone = "Mars/Olympus";
  EXPECT_EQ("defer: the workspace's timezone is unknown: write one such as America/New_York",
            nowhere.found());
}

TEST(EarlyResult, EndsWhatIsOverEvenInQuietHours) {
  Night opted_out = a_case_at_night();
  opted_out.context.contact->conversation_status = "opted_out";
  EXPECT_EQ("skip: opted out", opted_out.found());
  Night found = a_case_at_night();
  found.job.in_doubt = true;
  found.context.found_at_host = true;
  EXPECT_EQ("delivered", found.found());
}

}  // namespace
}  // namespace autoreply

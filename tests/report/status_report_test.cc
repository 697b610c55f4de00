#include "report/status_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/json.h"

namespace autoreply::test {
namespace {

QueueStatus a_bad_morning() {
  return {.pending = 9,
          .due = 2,
          .oldest_due = std::chrono::milliseconds(192'400),
          .in_flight = 4,
          .waiting = {{"deferred: quiet hours", 6, "2026-11-26T08:00:00.000Z"}, {"", 1, ""}},
          .breakers = {{"callback:1/ws 1",
                        "the callback",
                        Scope::the_operator,
                        "HTTP 401",
                        "2026-11-26T07:00:00.000Z",
                        "2026-11-26T07:05:00.000Z"}},
          .last_run = LastRun{.finished_at = "2026-11-26T07:01:00.000Z",
                              .since = std::chrono::seconds(20),
                              .exit_status = 78,
                              .host = "box"},
          .failed = 3,
          .causes = {{"failed: HTTP 400", 3, "2026-11-26T06:00:00.000Z"}}};
}

TEST(StatusReport, IsForPeople) {
  EXPECT_EQ(
      "due          2, the oldest for 3m12s\n"
      "in flight    4\n"
      "waiting      7\n"
      "       6  deferred: quiet hours (first at 2026-11-26 08:00:00)\n"
      "       1  new\n"
      "breakers\n"
      "  the callback: HTTP 401\n"
      "    since 2026-11-26 07:00:00, asked again at 2026-11-26 07:05:00\n"
      "    once that is mended: autoreply unblock 'callback:1/ws 1'\n"
      "failed       3 in the last 24 hours\n"
      "       3  failed: HTTP 400 (last at 2026-11-26 06:00:00)\n"
      "last run     20s ago with status 78 on box\n",
      status_text(a_bad_morning()));
  EXPECT_THAT(status_text({}), testing::HasSubstr("none has claimed a job yet"));
}

TEST(StatusReport, IsForPrograms) {
  const nlohmann::json object = parse_json(status_json(a_bad_morning(), ExitStatus::failed));
  EXPECT_EQ(192'400, object["oldest_due_ms"]);
  EXPECT_EQ(1, object["exit_status"]);
  EXPECT_EQ("callback:1/ws 1", object["breakers"][0]["breaker"]);
  EXPECT_EQ(6, object["waiting"][0]["jobs"]);
  EXPECT_EQ(78, object["last_run"]["exit_status"]);
  EXPECT_TRUE(parse_json(status_json({}, ExitStatus::ok))["oldest_due_ms"].is_null());
}

}  // namespace
}  // namespace autoreply::test

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
          .waiting = {{.reason = "quiet hours",
                       .detail = "deferred: quiet hours until 08:00 (UTC)",
                       .jobs = 5,
                       .until = "2026-11-26T08:00:00.000Z"},
                      {.reason = "retry",
                       .detail = "retried: HTTP 500",
                       .jobs = 1,
                       .until = "2026-11-26T07:03:00.000Z"},
                      {.reason = "in doubt", .detail = "retried: in doubt: HTTP 500", .jobs = 1}},
          .breakers = {{"callback:1/ws 1",
                        "the callback",
                        Scope::the_operator,
                        "HTTP 401",
                        "2026-11-26T07:00:00.000Z",
                        "2026-11-26T07:05:00.000Z",
                        true},
                       {"provider:2", "openai", Scope::workspace, "HTTP 401"}},
          .today = {.tokens = 1'500, .cost = "0.25"},
          .last_look = LastLook{.at = "2026-11-26T07:01:00.000Z",
                                .since = std::chrono::seconds(20),
                                .host = "box"},
          .runs = {{.run_id = "r-2", .host = "box", .started_at = "2026-11-26T07:01:00.000Z"},
                   {.run_id = "r-1",
                    .host = "box",
                    .ended_at = "2026-11-26T07:00:00.000Z",
                    .since = std::chrono::seconds(80),
                    .exit_status = 78,
                    .claimed = 12},
                   {.run_id = "r-0",
                    .host = "box",
                    .since = std::chrono::seconds(900),
                    .has_died = true}},
          .failed = 3,
          .causes = {{"failed: HTTP 400", 3, "2026-11-26T06:00:00.000Z"}}};
}

TEST(StatusReport, IsForPeople) {
  EXPECT_EQ(
      "due          2, the oldest for 3m12s\n"
      "in flight    4\n"
      "waiting      7\n"
      "       5  quiet hours until 08:00 (UTC) (first at 2026-11-26 08:00:00)\n"
      "       1  retry: HTTP 500 (first at 2026-11-26 07:03:00)\n"
      "       1  in doubt: HTTP 500\n"
      "breakers\n"
      "  the callback: HTTP 401\n"
      "    since 2026-11-26 07:00:00, asked again at 2026-11-26 07:05:00\n"
      "    once that is mended: autoreply unblock 'callback:1/ws 1'\n"
      "  openai: HTTP 401\n"
      "    no job waits for it; it may be of former settings\n"
      "failed       3 in the last 24 hours\n"
      "       3  failed: HTTP 400 (last at 2026-11-26 06:00:00)\n"
      "today        1500 tokens, $0.25\n"
      "last run     20s ago on box\n"
      "  at work on box\n"
      "  ended 1m20s ago with status 78 on box, 12 claimed\n"
      "  died, last heard of 15m ago on box; its jobs go on when their leases end\n",
      status_text(a_bad_morning()));
  EXPECT_THAT(status_text({}), testing::HasSubstr("nothing starts autoreply run"));
}

TEST(StatusReport, IsForPrograms) {
  const nlohmann::json object = parse_json(status_json(a_bad_morning(), ExitStatus::failed));
  EXPECT_EQ(192'400, object["oldest_due_ms"]);
  EXPECT_EQ(1, object["exit_status"]);
  EXPECT_EQ("callback:1/ws 1", object["breakers"][0]["breaker"]);
  EXPECT_EQ(5, object["waiting"][0]["jobs"]);
  EXPECT_EQ("quiet hours", object["waiting"][0]["reason"]);
  EXPECT_EQ(20'000, object["last_run"]["since_ms"]);
  EXPECT_EQ(78, object["runs"][1]["exit_status"]);
  EXPECT_EQ(true, object["runs"][2]["died"]);
  EXPECT_TRUE(parse_json(status_json({}, ExitStatus::ok))["oldest_due_ms"].is_null());
}

}  // namespace
}  // namespace autoreply::test

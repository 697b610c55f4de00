#include "report/summary_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::HasSubstr;
using testing::Not;

Summary a_summary() {
  Summary summary{.run_id = "11111111-2222-4333-8444-555555555555",
                  .claimed = 7,
                  .tokens = 1'234,
                  .cost_nanodollars = 38'000,
                  .priced = 4,
                  .segments = 5,
                  .still_due = 1'000,
                  .duration = std::chrono::milliseconds{1'500}};
  summary.outcomes[Outcome::completed] = 4;
  summary.outcomes[Outcome::skipped] = 1;
  summary.outcomes[Outcome::retried] = 1;
  summary.outcomes[Outcome::failed] = 1;
  return summary;
}

TEST(SummaryJson, HasTheContractsKeysInTheirOrder) {
  EXPECT_EQ(
      R"({"run_id":"11111111-2222-4333-8444-555555555555","claimed":7,"completed":4,"skipped":1,)"
      R"("retried":1,"failed":1,"deferred":0,"released":0,"lost":0,"throttled":0,"held_back":0,)"
      R"("tokens":1234,"cost":3.8e-05,"still_due":1000,"duration_ms":1500,"exit_status":1,)"
      R"("unpriced":0,"segments":5,"oldest_due_ms":0,"waiting":[]})",
      summary_json(a_summary(), ExitStatus::failed));
}

TEST(SummaryText, TellsWhatHappenedAndLeavesOutWhatDidNot) {
  const std::string text = summary_text(a_summary(), ExitStatus::failed);
  EXPECT_THAT(text, HasSubstr("claimed 7 in 1s500ms"));
  EXPECT_THAT(text, HasSubstr("completed       4"));
  EXPECT_THAT(text, HasSubstr("5 SMS segments"));
  EXPECT_THAT(text, HasSubstr("1000 or more still due"));
  EXPECT_THAT(text, HasSubstr("exit status 1: at least one job failed for good"));
  EXPECT_THAT(text, Not(HasSubstr("released")));
}

HeldBack held_back(Scope scope, const std::string& reason) {
  return {.by = {{"callback:1", "callback http://host:80"}, {.reason = reason}},
          .scope = scope,
          .jobs = 3};
}

TEST(SummaryText, SaysThatAllIsWellOnlyIfNothingWaits) {
  EXPECT_THAT(summary_text({}, ExitStatus::ok), HasSubstr("all is well"));
  for (const Summary& summary : {Summary{.throttled = 1},
                                 Summary{.unfinished_last = 1},
                                 Summary{.breakers = {held_back(Scope::workspace, "no key")}},
                                 Summary{.breakers = {held_back(Scope::job, "")}}}) {
    EXPECT_THAT(summary_text(summary, ExitStatus::ok), Not(HasSubstr("all is well")));
  }
}

TEST(SummaryText, SaysWhatToDo) {
  const Summary summary{.breakers = {held_back(Scope::the_operator, "HTTP 401: check the token")}};
  EXPECT_THAT(summary_text(summary, ExitStatus::misconfigured),
              HasSubstr("waiting: 3 for callback http://host:80: HTTP 401: check the token"));
  EXPECT_THAT(summary_text(summary, ExitStatus::misconfigured),
              HasSubstr("\n  once that is mended: autoreply unblock callback:1\n"));
  EXPECT_THAT(summary_json(summary, ExitStatus::misconfigured), HasSubstr("check the token"));
  EXPECT_THAT(summary_text({.misfit = "no column body"}, ExitStatus::misconfigured),
              HasSubstr("no column body"));
}

TEST(SummaryText, WritesNamesAsAShellReadsThem) {
  HeldBack odd = held_back(Scope::workspace, "");
  odd.by.peer.name = "callback:1/it's\na shop";
  EXPECT_THAT(summary_text({.breakers = {odd}}, ExitStatus::retry),
              HasSubstr(R"(autoreply unblock 'callback:1/it'\''s a shop')"));
  EXPECT_THAT(summary_text({.breakers = {held_back(Scope::job, "down")}}, ExitStatus::retry),
              Not(HasSubstr("unblock")));
}

TEST(SummaryJson, HasNoCostIfNoneIsKnown) {
  EXPECT_THAT(summary_json({.unpriced = 2}, ExitStatus::ok), HasSubstr("\"cost\":null"));
  EXPECT_THAT(
      summary_json({.cost_nanodollars = 1'000'000'000, .priced = 1, .unpriced = 2}, ExitStatus::ok),
      HasSubstr("\"cost\":1.0"));
}

}  // namespace
}  // namespace autoreply

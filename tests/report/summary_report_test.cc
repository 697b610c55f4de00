#include "report/summary_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::HasSubstr;
using testing::Not;

Summary a_summary() {
  return {.run_id = "11111111-2222-4333-8444-555555555555",
          .claimed = 7,
          .completed = 4,
          .skipped = 1,
          .retried = 1,
          .failed = 1,
          .tokens = 1'234,
          .cost_nanodollars = 38'000,
          .still_due = 1'000,
          .duration = std::chrono::milliseconds{1'500}};
}

TEST(SummaryJson, HasTheContractsKeysInTheirOrder) {
  EXPECT_EQ(
      R"({"run_id":"11111111-2222-4333-8444-555555555555","claimed":7,"completed":4,"skipped":1,)"
      R"("retried":1,"failed":1,"deferred":0,"released":0,"lost":0,"throttled":0,"held_back":0,)"
      R"("tokens":1234,"cost":3.8e-05,"still_due":1000,"duration_ms":1500,"exit_status":1})",
      summary_json(a_summary(), ExitStatus::failed));
}

TEST(SummaryText, TellsWhatHappenedAndLeavesOutWhatDidNot) {
  const std::string text = summary_text(a_summary(), ExitStatus::failed);
  EXPECT_THAT(text, HasSubstr("claimed 7 in 1s500ms"));
  EXPECT_THAT(text, HasSubstr("completed       4"));
  EXPECT_THAT(text, HasSubstr("1000 or more still due"));
  EXPECT_THAT(text, HasSubstr("exit status 1: at least one job failed for good"));
  EXPECT_THAT(text, Not(HasSubstr("released")));
}

}  // namespace
}  // namespace autoreply

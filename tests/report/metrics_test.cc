#include "report/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::chrono::system_clock::time_point kEnd{std::chrono::seconds(1'790'000'000)};

std::string text_of(const Summary& summary, ExitStatus status) {
  return metrics_text({&summary, status, kEnd});
}

TEST(Metrics, CountJobsByOutcomeAndReason) {
  Summary summary;
  summary.outcomes[Outcome::completed] = 3;
  summary.outcomes[Outcome::deferred] = 2;
  summary.outcomes[Outcome::failed] = 1;
  summary.reasons = {{{Outcome::completed, ""}, 3},
                     {{Outcome::deferred, "key"}, 1},
                     {{Outcome::deferred, "quiet hours"}, 1},
                     {{Outcome::retried, "generate"}, 0}};
  EXPECT_THAT(text_of(summary, ExitStatus::failed),
              AllOf(HasSubstr("# TYPE autoreply_jobs gauge\n"),
                    HasSubstr(R"(autoreply_jobs{outcome="completed",reason=""} 3)"),
                    HasSubstr(R"(autoreply_jobs{outcome="deferred",reason="key"} 1)"),
                    HasSubstr(R"(autoreply_jobs{outcome="deferred",reason=""} 0)"),
                    HasSubstr(R"(autoreply_jobs{outcome="failed",reason=""} 1)"),
                    Not(HasSubstr(R"(reason="generate")")),
                    HasSubstr("autoreply_exit_status 1\n"),
                    HasSubstr("autoreply_last_run_timestamp_seconds 1790000000.000\n")));
}

TEST(Metrics, NameOpenBreakersWithoutBreakingTheFormat) {
  Summary summary;
  EXPECT_THAT(text_of(summary, ExitStatus::ok), HasSubstr(R"(autoreply_breaker_open{of="any"} 0)"));
  summary.breakers.push_back({.by = {.peer = {"callback:1", "the \"host\"\n\\"}, .breaker = {}}});
  EXPECT_THAT(text_of(summary, ExitStatus::ok),
              AllOf(HasSubstr(R"(autoreply_breaker_open{of="any"} 1)"),
                    HasSubstr(R"(autoreply_breaker_open{of="the \"host\" \\"} 1)")));
}

TEST(Metrics, KeepTheHistogramOfAProviderCumulative) {
  Summary summary;
  Latencies& openai = summary.latencies["openai"];
  for (const int took : {200, 250, 3'000, 90'000}) openai.add(milliseconds(took));
  EXPECT_THAT(text_of(summary, ExitStatus::ok),
              AllOf(HasSubstr(R"(latency_seconds_bucket{provider="openai",le="0.25"} 2)"),
                    HasSubstr(R"(latency_seconds_bucket{provider="openai",le="2.5"} 2)"),
                    HasSubstr(R"(latency_seconds_bucket{provider="openai",le="5"} 3)"),
                    HasSubstr(R"(latency_seconds_bucket{provider="openai",le="60"} 3)"),
                    HasSubstr(R"(latency_seconds_bucket{provider="openai",le="+Inf"} 4)"),
                    HasSubstr(R"(latency_seconds_sum{provider="openai"} 93.45)"),
                    HasSubstr(R"(latency_seconds_count{provider="openai"} 4)")));
}

TEST(Metrics, KeepTheLastSuccessOfAnEarlierRun) {
  const std::string success = text_of({}, ExitStatus::ok);
  const std::string failure = text_of({}, ExitStatus::retry);
  EXPECT_THAT(success, HasSubstr("autoreply_last_success_timestamp_seconds 1790000000.000\n"));
  EXPECT_THAT(failure, Not(HasSubstr("last_success")));
  const std::string kept = last_success_of(success);
  EXPECT_THAT(kept,
              AllOf(HasSubstr("# TYPE autoreply_last_success_timestamp_seconds gauge\n"),
                    HasSubstr("autoreply_last_success_timestamp_seconds 1790000000.000\n"),
                    Not(HasSubstr("autoreply_jobs"))));
  EXPECT_EQ(kept, last_success_of(failure + kept));
  EXPECT_EQ("", last_success_of("no metrics"));
}

TEST(Metrics, TellOfARunThatCouldNotBegin) {
  const std::string text = metrics_text({nullptr, ExitStatus::misconfigured, kEnd});
  EXPECT_THAT(text,
              AllOf(HasSubstr("autoreply_exit_status 78\n"),
                    HasSubstr("autoreply_last_run_timestamp_seconds"),
                    Not(HasSubstr("autoreply_jobs"))));
}

TEST(Metrics, CountNoSuccessWhileJobsWaitForTheOperator) {
  Summary summary;
  summary.waits_for = Scope::workspace;
  EXPECT_THAT(text_of(summary, ExitStatus::ok), HasSubstr("last_success"))
      << "a tenant's setting is no failure of the runs";
  summary.waits_for = Scope::the_operator;
  EXPECT_THAT(
      text_of(summary, ExitStatus::ok),
      AllOf(HasSubstr(R"(autoreply_breaker_open{of="any"} 1)"), Not(HasSubstr("last_success"))));
}

}  // namespace
}  // namespace autoreply

#include "report/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

PeriodReport a_period() {
  return {
      .since = "2026-11-22T00:00:00.000Z",
      .until = "2026-11-24T12:00:00.000Z",
      .days = {{.day = "2026-11-22", .completed = 40, .failed = 2, .median_s = 1.25, .p95_s = 8},
               {.day = "2026-11-23", .completed = 20, .skipped = 3}},
      .median_s = 1.25,
      .p95_s = 90,
      .failures = {{"failed: <b>HTTP 400</b> & \"more\"", 2}},
      .attempts = {{"1", 60}, {"2", 5}},
      .models = {{.workspace_id = "ws-1",
                  .provider = "openai",
                  .model = "gpt-4o-mini",
                  .replies = 60,
                  .tokens = 9'000,
                  .cost = "0.0123"}},
      .runs = {{.day = "2026-11-22", .runs = 30, .ended_well = 28, .claimed = 42, .died = 1}},
      .due = 3,
      .oldest_due_s = 75};
}

TEST(HtmlReport, ShowsThePeriodOnOnePage) {
  const std::string page = html_report(a_period());
  EXPECT_THAT(page,
              AllOf(HasSubstr("<!doctype html>"),
                    HasSubstr("<b>60</b><span>replies sent</span>"),
                    HasSubstr("<b>1.2s</b><span>median time to the reply</span>"),
                    HasSubstr("<b>1m30s</b><span>95 % were faster</span>"),
                    HasSubstr("<b>1m15s</b><span>the oldest has been due</span>"),
                    HasSubstr("2026-11-22: 40 completed, 0 skipped, 2 failed"),
                    HasSubstr("data-of=\"tokens\">9,000</td>"),
                    HasSubstr("data-of=\"cost\">$0.0123</td>")));
}

TEST(HtmlReport, ShowsDaysWithoutJobsAsGaps) {
  EXPECT_THAT(html_report({.since = "2026-02-20T00:00:00.000Z",
                           .until = "2026-03-05T00:00:00.000Z",
                           .days = {{.day = "2026-02-27", .completed = 1},
                                    {.day = "2026-03-02", .completed = 1}}}),
              AllOf(HasSubstr("2026-02-28: 0 completed, 0 skipped, 0 failed"),
                    HasSubstr("2026-03-01: 0 completed"),
                    Not(HasSubstr("2026-02-26")),
                    Not(HasSubstr("2026-03-03"))));
}

TEST(HtmlReport, SaysLongTimesInTwoUnits) {
  const auto with_oldest = [](double seconds) {
    PeriodReport period = a_period();
    period.oldest_due_s = seconds;
    return html_report(period);
  };
  EXPECT_THAT(with_oldest(3'725), HasSubstr("<b>1h2m</b>"));
  EXPECT_THAT(with_oldest(28'832'081), HasSubstr("<b>333d16h</b>"));
}

TEST(HtmlReport, NeedsNoNetworkAndRunsNothing) {
  EXPECT_THAT(html_report(a_period()),
              AllOf(Not(HasSubstr("http://")),
                    Not(HasSubstr("https://")),
                    Not(HasSubstr("<script")),
                    Not(HasSubstr("url(")),
                    HasSubstr("prefers-color-scheme: dark"),
                    HasSubstr("width=device-width")));
}

TEST(HtmlReport, ShowsTextsOfOthersAsTexts) {
  EXPECT_THAT(html_report(a_period()),
              AllOf(HasSubstr("&lt;b&gt;HTTP 400&lt;/b&gt; &amp; &quot;more&quot;"),
                    Not(HasSubstr("<b>HTTP 400"))));
}

TEST(HtmlReport, OfAnEmptyPeriodSaysSo) {
  EXPECT_THAT(
      html_report({.since = "2026-11-22T00:00:00.000Z", .until = "2026-11-23T00:00:00.000Z"}),
      AllOf(HasSubstr("Nothing in this period."), HasSubstr("<p>None.</p>")));
}

}  // namespace
}  // namespace autoreply

#include "report/job_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/json.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;

JobStory story_of(JobEntry job) {
  job.id = "j-1";
  job.created_at = "2026-11-26T10:00:05.250Z";
  return {.job = std::move(job),
          .message = "Are you\nopen?",
          .reply = std::nullopt,
          .failures = {},
          .contact_in_flight = "",
          .wait = {},
          .elder_entry = ""};
}

TEST(JobState, TellsWhatIsNext) {
  EXPECT_EQ("completed at 2026-11-26 10:01:00",
            state_of(story_of({.status = "complete",
                               .outcome = "completed",
                               .processed_at = "2026-11-26T10:01:00.000Z"})));
  EXPECT_EQ("failed: deliver: HTTP 400",
            state_of(story_of({.status = "error", .error = "deliver: HTTP 400"})));
  EXPECT_EQ("waits until 2026-11-26 11:00:00: generate: HTTP 500",
            state_of(story_of({.status = "pending",
                               .outcome = "retried: HTTP 500",
                               .error = "generate: HTTP 500",
                               .next_attempt_at = "2026-11-26T11:00:00.000Z"})));
  EXPECT_EQ(
      "a run works on it; its lease lasts until 2026-11-26 10:02:00",
      state_of(story_of(
          {.status = "processing", .lease_until = "2026-11-26T10:02:00.000Z", .is_held = true})));
  EXPECT_EQ("its run is gone; the next run takes it over",
            state_of(story_of({.status = "processing", .is_held = true, .lease_is_over = true})));
  EXPECT_THAT(state_of(story_of({.status = "processing"})), HasSubstr("another service"));
}

TEST(JobState, NamesTheJobThatGoesFirst) {
  JobStory story = story_of(
      {.status = "pending", .next_attempt_at = "2026-11-26T10:00:05.000Z", .is_due = true});
  EXPECT_THAT(state_of(story), HasSubstr("the next run takes it"));
  story.wait = {
      .reason = "limit", .detail = "2 jobs a minute", .until = "2026-11-26T10:01:00.000Z"};
  EXPECT_THAT(state_of(story),
              HasSubstr("waits for limit: 2 jobs a minute, until 2026-11-26 10:01:00"));
  EXPECT_EQ("limit", parse_json(story_json(story))["wait"]["reason"]);
  story.contact_in_flight = "j-2";
  EXPECT_THAT(state_of(story), HasSubstr("waits for job j-2 of the same contact"));
  story.elder_entry = "j-0";
  EXPECT_THAT(state_of(story), HasSubstr("waits for job j-0, which is for the same message"));
}

TEST(JobReport, PrintsOneLineForEachFact) {
  JobStory story = story_of({.workspace_id = "ws-1", .status = "complete", .attempts = 2});
  story.reply = LoggedReply{.id = "log-1",
                            .provider = "openai",
                            .model = "gpt-4o-mini",
                            .prompt = "{}",
                            .text = "We are.\nCome in!",
                            .tokens_used = 150,
                            .cost = "0.000036",
                            .created_at = "2026-11-26T10:00:30.000Z"};
  const std::string text = story_text(story);
  EXPECT_THAT(text, HasSubstr("  message    Are you open?\n"));
  EXPECT_THAT(text, HasSubstr("  reply      We are. Come in!\n"));
  EXPECT_THAT(text,
              HasSubstr("2026-11-26 10:00:30 by openai gpt-4o-mini, 150 tokens, 0.000036 dollars"));
  const nlohmann::json object = parse_json(story_json(story));
  EXPECT_EQ(0.000036, object["reply"]["cost"]);
  EXPECT_EQ(150, object["reply"]["tokens_used"]);
  EXPECT_TRUE(object["error"].is_null());
}

TEST(JobReport, ReadsNoCostThatIsNoNumber) {
  JobStory story = story_of({.status = "complete"});
  story.reply = LoggedReply{.id = "log-1", .text = "We are.", .cost = "n/a"};
  EXPECT_TRUE(parse_json(story_json(story))["reply"]["cost"].is_null());
}

TEST(JobReport, ListsEachFailureOfAJob) {
  JobStory story = story_of({.status = "pending", .error = "generate: HTTP 500"});
  story.failures = {{"2026-11-26T10:00:30.000Z", "lease expired"},
                    {"2026-11-26T10:02:00.000Z", "generate: HTTP 500"}};
  EXPECT_THAT(story_text(story),
              HasSubstr("  failures   2026-11-26 10:00:30  lease expired\n"
                        "             2026-11-26 10:02:00  generate: HTTP 500\n"));
  const nlohmann::json failures = parse_json(story_json(story))["failures"];
  ASSERT_EQ(2, failures.size());
  EXPECT_EQ("2026-11-26T10:02:00.000Z", failures[1]["at"]);
  EXPECT_EQ("generate: HTTP 500", failures[1]["error"]);
}

TEST(JobReport, CountsWhatItDoesNotList) {
  EXPECT_EQ("no job matches\n", list_text({}));
  JobList list{.count = 7, .jobs = {story_of({.status = "error", .error = "a\nb"}).job}};
  EXPECT_THAT(list_text(list), HasSubstr("  a b\n1 of 7 jobs; --limit shows more\n"));
  const nlohmann::json object = parse_json(list_json(list));
  EXPECT_EQ(7, object["count"]);
  EXPECT_EQ("j-1", object["jobs"][0]["job"]);
}

}  // namespace
}  // namespace autoreply::test

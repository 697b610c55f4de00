// How people look at jobs and change them: `status`, `list`, `show`, `retry` and `cancel`.

#include <set>
#include <string>

#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ChangeJobs : public ProgramTest {
 protected:
  Exit say(const std::vector<std::string>& arguments) {
    Process process(command(arguments));
    return process.wait();
  }
  nlohmann::json told(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--output", "json"});
    const Exit exit = say(arguments);
    EXPECT_EQ(0, exit.status) << exit.err;
    return parse_json(exit.out);
  }
};
AUTOREPLY_ON_BOTH_DATABASES(ChangeJobs);

TEST_P(ChangeJobs, FromAFailureToTheCustomersAnswer) {
  const std::string id = ask("Are you open on Sunday?");
  standin_.host.answer_always(
      Answer{.status = 400, .body = R"({"error":"the number is blocked"})"});
  EXPECT_EQ(1, run()["failed"]);
  const auto listed = told({"list", "--status", "failed"});
  EXPECT_EQ(1, listed["count"]);
  EXPECT_EQ(id, listed["jobs"][0]["job"]);
  const Exit shown = say({"show", id});
  EXPECT_EQ(0, shown.status);
  EXPECT_THAT(shown.out,
              AllOf(HasSubstr("failed at 20"),
                    HasSubstr("the number is blocked"),
                    HasSubstr("Are you open on Sunday?"),
                    HasSubstr("150 tokens")));

  standin_.host.answer_always(Answer{.status = 200, .body = R"({"success":true})"});
  EXPECT_EQ(1, told({"retry", id})["retried"]);
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ(1U, standin_.provider.count()) << "the reply was kept";
  EXPECT_THAT(say({"show", id}).out, HasSubstr("state      completed at 20"));
  const Exit again = say({"retry", id});
  EXPECT_EQ(1, again.status);
  EXPECT_THAT(again.err, HasSubstr("cannot retry job " + id + ": completed at "));
}

TEST_P(ChangeJobs, ReplacesAReplyUnderAnIdOfItsOwn) {
  const std::string id = ask("Are you open on Sunday?");
  standin_.host.script(Answer{.status = 400, .body = "{}"});
  EXPECT_EQ(1, run()["failed"]);
  EXPECT_EQ(1, told({"retry", id, "--regenerate"})["retried"]);
  standin_.provider.script(chat_completion("We are closed on Sundays."));
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ(2U, rows("ai_response_logs").size());
  std::set<std::string> keys;
  for (const ReceivedRequest& request : standin_.host.requests()) {
    keys.insert(parse_json(request.body)["metadata"]["aiLogId"]);
  }
  EXPECT_EQ(2U, keys.size()) << "the host must not take it for the first one";
  EXPECT_EQ("We are closed on Sundays.", told({"show", id})["reply"]["text"]);
}

TEST_P(ChangeJobs, AreCountedByStatus) {
  const std::string id = ask("Are you open on Sunday?");
  move_back(id, "next_attempt_at", 60);
  EXPECT_EQ(0, say({"status"}).status);
  EXPECT_EQ(0, say({"status", "--max-lag", "1h"}).status);
  const Exit lags = say({"status", "--max-lag", "5s"});
  EXPECT_EQ(1, lags.status);
  EXPECT_THAT(lags.out, HasSubstr("due          1, the oldest for "));
  standin_.host.answer_always(Answer{.status = 400, .body = R"({"error":"no such number"})"});
  EXPECT_EQ(1, run()["failed"]);
  const auto status = told({"status", "--max-lag", "5s"});
  EXPECT_EQ(0, status["due"]);
  EXPECT_EQ(1, status["failed"]);
  EXPECT_THAT(std::string(status["causes"][0]["cause"]), HasSubstr("no such number"));
  EXPECT_EQ(1, status["runs"][0]["exit_status"]);
}

TEST_P(ChangeJobs, NeedsConsentForMoreThanOne) {
  ask_many(3);
  const Exit refused = say({"cancel", "--workspace", "ws-1"});
  EXPECT_EQ(64, refused.status);
  EXPECT_THAT(refused.err, HasSubstr("this would cancel 3 jobs: add --yes"));
  EXPECT_EQ(3, told({"cancel", "--workspace", "ws-1", "--dry-run"})["matched"]);
  EXPECT_EQ(3, told({"list", "--status", "pending"})["count"]);
  EXPECT_EQ(3, told({"cancel", "--workspace", "ws-1", "--yes"})["cancelled"]);
  EXPECT_EQ(0, run()["claimed"]);
  EXPECT_EQ("skipped: cancelled", rows("ai_response_queue")[0]["outcome"]);
}

TEST_P(ChangeJobs, ShowsTheJobsOfAContact) {
  const Customer customer = add_customer();
  const std::string first = ask(customer, "Which job is mine?");
  const std::string second = ask(customer, "And this one?");
  const std::string other = ask("Somebody else's");
  EXPECT_THAT(say({"show", customer.id}).out,
              AllOf(HasSubstr(first), HasSubstr(second), Not(HasSubstr(other))));
}

TEST_P(ChangeJobs, RefusesWhatNamesNoJobs) {
  EXPECT_EQ(64, say({"retry"}).status);
  EXPECT_EQ(64, say({"retry", "--yes"}).status);
  EXPECT_EQ(64, say({"show"}).status);
  EXPECT_EQ(64, say({"show", "17"}).status);
  const std::string nobody = "00000000-0000-4000-8000-000000000000";
  for (const char* word : {"show", "retry", "cancel"}) {
    const Exit exit = say({word, nobody});
    EXPECT_EQ(1, exit.status) << word;
    EXPECT_THAT(exit.err, HasSubstr("there is no job " + nobody)) << word;
  }
  EXPECT_EQ(1, say({"cancel", "--workspace", "ws-1"}).status);
}

}  // namespace
}  // namespace autoreply::test

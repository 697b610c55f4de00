// A run that stays and looks for new jobs.

#include <chrono>
#include <csignal>

#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;

class LingeringRun : public ProgramTest {
 protected:
  /// Stops the run and returns its result.
  RunResult stopped(Process& process) {
    process.send(SIGTERM);
    return result_of(process);
  }
};

AUTOREPLY_ON_BOTH_DATABASES(LingeringRun);

TEST_P(LingeringRun, AnswersJobsThatComeAfterItsStart) {
  Process process(run_command({"--linger", "10m"}));
  ask("Are you open?");
  ASSERT_TRUE(standin_.host.wait_for_requests(1));
  // The first job is settled when the second one comes, so the run was idle again in between.
  ASSERT_TRUE(
      wait_for_value("select count(*) from ai_response_queue where status = 'complete'", "1"));
  ask("And tomorrow?");
  ASSERT_TRUE(standin_.host.wait_for_requests(2));
  const RunResult result = stopped(process);

  EXPECT_EQ(0, result.status);
  EXPECT_EQ(2, result["claimed"]);
  EXPECT_EQ(2, result["completed"]);
}

TEST_P(LingeringRun, DoesNotLetANewJobWaitForASlowOne) {
  const Customer slow = add_customer();
  ask(slow, "This one takes long");
  standin_.provider.hold();
  Process process(run_command({"--linger", "10m"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  ask("Are you open?");
  EXPECT_TRUE(standin_.provider.wait_for_requests(2));
  standin_.provider.release();
  ASSERT_TRUE(standin_.host.wait_for_requests(2));

  EXPECT_EQ(2, stopped(process)["completed"]);
}

TEST_P(LingeringRun, EndsByItselfWhenItsTimeIsUp) {
  const RunResult idle = run({"--linger", "300ms"});
  EXPECT_EQ(0, idle.status);
  EXPECT_THAT(idle["duration_ms"], Ge(300));

  ask_many(3);
  const RunResult result = run({"--linger", "2s", "--limit", "1", "--workspace-per-minute", "2"});
  EXPECT_EQ(0, result.status);
  EXPECT_EQ(2, result["completed"]) << "--limit is that of each claim, and limits hold";
  EXPECT_EQ(1, result["throttled"]);
}

TEST_P(LingeringRun, ClaimsNothingAfterItsTime) {
  ask_many(3);
  standin_.host.answer_always(Answer{
      .status = 200, .body = R"({"success":true})", .delay = std::chrono::milliseconds(1'500)});
  const RunResult result = run({"--linger", "1s", "--limit", "1", "--concurrency", "1"});
  EXPECT_EQ(0, result.status);
  EXPECT_THAT(result["completed"], AllOf(Ge(1), Le(2))) << "one is claimed while the first runs";
  EXPECT_EQ(3, result["completed"] + result["still_due"]);
}

TEST_P(LingeringRun, IsStoppedWhileItHasNothingToDo) {
  Process process(run_command({"--linger", "10m"}));
  ASSERT_TRUE(wait_for_value("select count(*) from autoreply_runs", "1")) << "it has looked";
  const RunResult result = stopped(process);
  EXPECT_EQ(0, result.status);
  EXPECT_EQ(0, result["claimed"]);
}

}  // namespace
}  // namespace autoreply::test

#include <csignal>

#include <gmock/gmock.h>

#include "program/crash_fixture.h"

namespace autoreply::test {
namespace {

using testing::StartsWith;

/// A job that kills every process that asks the provider about it.
class PoisonJob : public CrashTest {
 protected:
  void SetUp() override {
    CrashTest::SetUp();
    if (IsSkipped()) return;
    poison_ = ask("Tell me a joke to die for");
    standin_.provider.answer_always([this](const ReceivedRequest& request) {
      const std::string question = last_user_message(request);
      if (question.find("joke") != std::string::npos) victim_.kill();
      return chat_completion(friendly_reply(question));
    });
  }

  std::string poison_;
};

AUTOREPLY_ON_BOTH_DATABASES(PoisonJob);

TEST_P(PoisonJob, EndsAfterItsAttemptsAndTakesNobodyAlong) {
  constexpr int kOthers = 6;
  ask_several(kOthers);
  // All are in flight when the process dies for the first time.
  standin_.provider.hold();
  int died = 0;
  for (int runs = 0; unfinished() > 0; ++runs) {
    ASSERT_LT(runs, 20) << rows("ai_response_queue", "status <> 'complete'");
    Process process = start_victim({"--concurrency", "16", "--drain"});
    if (runs == 0) {
      ASSERT_TRUE(standin_.provider.wait_for_requests(kOthers + 1));
      standin_.provider.release();
    }
    if (bury(process).signal == SIGKILL) ++died;
    free_leases();
  }

  EXPECT_EQ(3, died) << "once an attempt";
  EXPECT_EQ("error", job(poison_)["status"]);
  EXPECT_THAT(job(poison_)["outcome"].get<std::string>(), StartsWith("failed: lease expired"));
  EXPECT_EQ(3, job(poison_)["attempts"]);
  EXPECT_EQ(kOthers, rows("ai_response_queue", "status = 'complete'").size());
  expect_each_text_sent_once();
}

}  // namespace
}  // namespace autoreply::test

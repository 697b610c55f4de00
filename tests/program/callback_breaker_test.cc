#include <csignal>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::StartsWith;

/// A host that is being deployed: it answers 503 to everybody, for a while.
class CallbackOutage : public ProgramTest {
 protected:
  static constexpr int kJobs = 30;

  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    ids_ = ask_many(kJobs);
    standin_.host.answer_always({.status = 503});
  }

  void bring_host_back() { standin_.host.answer_always({.body = R"({"success":true})"}); }

  void let_probe_be_due() {
    database().execute("update autoreply_breakers set probe_at = " + database().instant(-1));
  }

  void let_backoffs_pass() {
    for (const std::string& id : ids_) move_back(id, "next_attempt_at", 3'600);
  }

  int attempts_used() {
    return std::stoi(database().value("select sum(attempts) from ai_response_queue"));
  }

  std::vector<std::string> ids_;
};
AUTOREPLY_ON_BOTH_DATABASES(CallbackOutage);

TEST_P(CallbackOutage, LosesNobodyAndPaysOnlyForWhatItHadBegun) {
  const RunResult first = run({"--concurrency", "4", "--drain"});
  EXPECT_EQ(75, first.status);
  EXPECT_EQ(0, first["failed"]);
  EXPECT_EQ(4, first["retried"]) << "those before the fifth did not know";
  const auto paid = standin_.provider.count();
  EXPECT_LE(paid, 12U);
  EXPECT_EQ(4, attempts_used());

  // Ticks of cron throughout the outage.
  for (int tick = 0; tick < 5; ++tick) {
    let_backoffs_pass();
    if (tick % 2 == 1) let_probe_be_due();
    const RunResult during = run();
    EXPECT_EQ(75, during.status);
    EXPECT_LE(during["claimed"], 1);
    EXPECT_GE(during["held_back"], kJobs - 1);
  }
  EXPECT_EQ(4, attempts_used());
  EXPECT_LE(standin_.provider.count(), paid + 2) << "only probes";

  bring_host_back();
  let_backoffs_pass();
  let_probe_be_due();
  const RunResult after = run();
  EXPECT_EQ(0, after.status);
  EXPECT_EQ(kJobs, after["completed"]) << "the probe first, then all others in the same run";
  EXPECT_EQ(0, after["held_back"]);
  EXPECT_EQ(static_cast<std::size_t>(kJobs), standin_.provider.count()) << "no reply paid twice";
}

TEST_P(CallbackOutage, IsKnownToTheNextRunAtOnce) {
  EXPECT_EQ(75, run({"--concurrency", "4"}).status);
  const auto calls = standin_.host.count();
  const auto paid = standin_.provider.count();
  let_backoffs_pass();
  const RunResult next = run();
  EXPECT_EQ(75, next.status);
  EXPECT_EQ(0, next["claimed"]);
  EXPECT_EQ(kJobs, next["held_back"]);
  EXPECT_EQ(calls, standin_.host.count());
  EXPECT_EQ(paid, standin_.provider.count());
}

TEST_P(CallbackOutage, CountsDoubtsToo) {
  standin_.host.answer_always({.hang_up = true});
  const RunResult first = run({"--concurrency", "4", "--drain"});
  EXPECT_EQ(75, first.status);
  EXPECT_LE(standin_.host.count(), 8U);
  let_backoffs_pass();
  EXPECT_EQ(0, run()["claimed"]);
}

TEST_P(CallbackOutage, IsNotEndedByAProberThatIsKilled) {
  EXPECT_EQ(75, run({"--concurrency", "4"}).status);
  let_backoffs_pass();
  let_probe_be_due();
  standin_.provider.hold();
  {
    Process prober(run_command());
    // Where the probe's reply was recorded before, it does not ask the provider.
    const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
    while (database().value("select probing_until from autoreply_breakers").empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
    prober.send(SIGKILL);
    static_cast<void>(prober.wait());
  }
  standin_.provider.release();
  bring_host_back();
  database().execute("update autoreply_breakers set probing_until = " + database().instant(-1) +
                     ", probe_at = " + database().instant(-1));
  database().execute("update ai_response_queue set lease_until = " + database().instant(-1) +
                     " where claim_token is not null");
  let_backoffs_pass();
  const RunResult after = run({"--in-doubt-wait", "0s", "--drain"});
  EXPECT_EQ(kJobs, after["completed"]);
}

TEST_P(CallbackOutage, OfAnotherCallbackIsAnotherMatter) {
  EXPECT_EQ(75, run({"--concurrency", "4"}).status);
  bring_host_back();
  let_backoffs_pass();
  const RunResult other = run({"--callback-url", standin_.callback_url() + "?host=other"});
  EXPECT_EQ(kJobs, other["completed"]);
}

TEST_P(CallbackOutage, OfOneJobAloneOpensNothing) {
  database().execute("delete from ai_response_queue where id <> " + sql_literal(ids_[0]));
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_EQ(1, run()["claimed"]);
    move_back(ids_[0], "next_attempt_at", 3'600);
  }
  EXPECT_EQ("error", job(ids_[0])["status"]);
}

}  // namespace
}  // namespace autoreply::test

#include <csignal>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A host that is being deployed and answers every request with 503 for a while.
class CallbackOutage : public ProgramTest {
 protected:
  static constexpr int kJobs = 30;

  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    ids_ = ask_many(kJobs);
    standin_.host.answer_always(Answer{.status = 503});
  }

  void bring_host_back() { standin_.host.answer_always(Answer{.body = R"({"success":true})"}); }

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
  EXPECT_EQ(kJobs, first["deferred"]);
  const auto paid = standin_.provider.count();
  EXPECT_LE(paid, 12U);
  EXPECT_EQ(0, attempts_used());

  // Ticks of cron throughout the outage.
  for (int tick = 0; tick < 5; ++tick) {
    let_backoffs_pass();
    if (tick % 2 == 1) let_probe_be_due();
    const RunResult during = run();
    EXPECT_EQ(75, during.status);
    EXPECT_LE(during["claimed"], 1);
    EXPECT_GE(during["held_back"], kJobs - 1);
  }
  EXPECT_EQ(0, attempts_used());
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
  standin_.host.answer_always(Answer{.hang_up = true});
  const RunResult first = run({"--concurrency", "4", "--drain"});
  EXPECT_EQ(75, first.status);
  EXPECT_LE(standin_.host.count(), 8U);
  const auto calls = standin_.host.count();
  let_backoffs_pass();
  const RunResult second = run();
  EXPECT_EQ(second["claimed"], second["deferred"]) << "they are looked up, and not sent";
  EXPECT_EQ(0, run()["claimed"]) << "once per --in-doubt-wait";
  EXPECT_EQ(calls, standin_.host.count());
}

TEST_P(CallbackOutage, IsNotEndedByAProberThatIsKilled) {
  EXPECT_EQ(75, run({"--concurrency", "4"}).status);
  let_backoffs_pass();
  let_probe_be_due();
  standin_.provider.hold();
  {
    Process prober(run_command());
    // Watch the breaker, not the provider: a probe whose reply is already recorded does not call
    // it.
    const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
    while (database().value(
               "select count(*) from autoreply_breakers where probing_until is not null") == "0") {
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

TEST_P(CallbackOutage, CostsASingleJobNoAttempt) {
  database().execute("delete from ai_response_queue where id <> " + sql_literal(ids_[0]));
  for (int tick = 0; tick < 8; ++tick) {
    EXPECT_EQ(75, run().status);
    move_back(ids_[0], "next_attempt_at", 3'600);
  }
  EXPECT_EQ("pending", job(ids_[0])["status"]);
  EXPECT_EQ(0, job(ids_[0])["attempts"]);
  EXPECT_EQ(3U, standin_.host.count()) << "then its breaker is open";
  bring_host_back();
  let_probe_be_due();
  EXPECT_EQ(1, run()["completed"]);
}

TEST_P(CallbackOutage, UsesAttemptsIfItIsToldTo) {
  database().execute("delete from ai_response_queue where id <> " + sql_literal(ids_[0]));
  for (int attempt = 0; attempt < 3; ++attempt) {
    EXPECT_EQ(1, run({"--outage-wait", "0"})["claimed"]);
    move_back(ids_[0], "next_attempt_at", 3'600);
  }
  EXPECT_EQ("error", job(ids_[0])["status"]);
}

/// A host that rejects everything because of the operator's settings.
class Misdirected : public ProgramTest {
 protected:
  void let_waits_pass() {
    database().execute("update ai_response_queue set next_attempt_at = " + database().instant(-60) +
                       " where status = 'pending'");
  }
  void let_probe_be_due() {
    database().execute("update autoreply_breakers set probe_at = " + database().instant(-1));
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Misdirected);

TEST_P(Misdirected, LosesNobodyAndSaysWhatToDo) {
  const auto ids = ask_many(30);
  for (const int status : {401, 404, 301}) {
    database().execute("delete from autoreply_breakers");
    let_waits_pass();
    const auto calls = standin_.host.count();
    standin_.host.answer_always(Answer{.status = status, .body = "<html>no</html>"});
    const RunResult result = run({"--concurrency", "4", "--fail-on", "never"});
    EXPECT_EQ(78, result.status) << status;
    EXPECT_EQ(30, result["deferred"]);
    EXPECT_LE(standin_.host.count() - calls, 4U);
    EXPECT_EQ(30U, rows("ai_response_queue", "status = 'pending' and attempts = 0").size());
    EXPECT_THAT(result.log, HasSubstr("scope=operator"));
  }
  // Later ticks report it too, and try nothing but probes.
  let_waits_pass();
  const auto calls = standin_.host.count();
  EXPECT_EQ(78, run().status);
  EXPECT_EQ(calls, standin_.host.count());

  standin_.host.answer_always(Answer{.body = R"({"success":true})"});
  let_probe_be_due();
  EXPECT_EQ(0, run()["failed"]);
  EXPECT_EQ(30U, rows("ai_response_queue", "status = 'complete'").size());
  EXPECT_EQ(30U, standin_.provider.count()) << "no reply is paid twice";
}

TEST_P(Misdirected, GoesOnAtOnceIfItIsUnblocked) {
  const std::string id = ask("Hello?");
  standin_.host.answer_always(Answer{.status = 401});
  const RunResult refused = run();
  EXPECT_EQ(78, refused.status);
  ASSERT_EQ(1U, refused.summary["waiting"].size()) << "although the job is not due now";
  const std::string name = refused.summary["waiting"][0]["breaker"];
  EXPECT_THAT(refused.log, HasSubstr("autoreply unblock " + name));

  standin_.host.answer_always(Answer{.body = R"({"success":true})"});
  let_waits_pass();
  EXPECT_EQ(1, run()["held_back"]);
  EXPECT_EQ(0, run_to_end(command({"unblock", name, "--dry-run"})).status);
  EXPECT_EQ(1, run_to_end(command({"unblock", name + "0", "--dry-run"})).status);
  EXPECT_EQ(0, run_to_end(command({"unblock", name})).status);
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ("complete", job(id)["status"]);

  const Exit unknown = run_to_end(command({"unblock", name + "0", "--output", "json"}));
  EXPECT_EQ(1, unknown.status);
  EXPECT_EQ(1, parse_json(unknown.out)["exit_status"]);
}

TEST_P(Misdirected, IsAnotherMatterWithAnotherToken) {
  ask("Hello?");
  standin_.host.script(Answer{.status = 401});
  EXPECT_EQ(78, run().status);
  let_waits_pass();
  EXPECT_EQ(0, run({"--callback-token", "another"}).status);
}

TEST_P(Misdirected, FailsAJobThatIsAlwaysRefusedWhileItsNeighboursAreTaken) {
  add_workspace({.workspace_id = "ws-2"});
  ask(add_customer("ws-2"), "Hello?");
  EXPECT_EQ(1, run()["completed"]);
  const std::string lost = ask("Who is this?");
  standin_.provider.script_for("Who is this?", chat_completion("Nobody knows."));
  standin_.host.answer_always([](const ReceivedRequest& request) -> Answer {
    if (request.body.find("Nobody knows") != std::string::npos) return {.status = 404};
    return {.body = R"({"success":true})"};
  });
  for (int tick = 0; tick < 5 && job(lost)["status"] == "pending"; ++tick) {
    const RunResult result = run();
    EXPECT_NE(78, result.status);
    EXPECT_EQ(0, result["completed"]);
    ask(add_customer("ws-2"), "And now?");
    EXPECT_EQ(1, run({"--workspace", "ws-2"})["completed"]);
    let_waits_pass();
  }
  EXPECT_EQ("error", job(lost)["status"]);
  EXPECT_EQ(3, job(lost)["attempts"]);
  EXPECT_EQ(0, job(lost)["sends"]) << "a definite refusal takes its send back";
}

TEST_P(Misdirected, PutsBackWhatManyGotInTheSameWords) {
  ask("Hello?");
  EXPECT_EQ(1, run()["completed"]);
  ask_many(8);
  standin_.host.answer_always(
      {.status = 400, .body = R"({"success":false,"error":"account 12345 suspended"})"});
  const RunResult result = run({"--concurrency", "1"});
  EXPECT_EQ(0, result["failed"]) << result.log;
  EXPECT_EQ(8, result["deferred"]);
  EXPECT_EQ(8U, rows("ai_response_queue", "status = 'pending' and attempts = 0").size());
  EXPECT_EQ(78, result.status);
  standin_.host.answer_always(Answer{.body = R"({"success":true})"});
  let_waits_pass();
  let_probe_be_due();
  EXPECT_EQ(8, run()["completed"]);
}

}  // namespace
}  // namespace autoreply::test

#include <csignal>
#include <memory>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/hosts.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::StartsWith;

/// A host that sends the SMS but then answers something else.
class InDoubt : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (!IsSkipped()) recording_host_ = std::make_unique<RecordingHost>(database());
  }

  /// Makes the host send, record what it sent if `keeps_record`, and answer every request with 500.
  void host_sends_and_answers_500(bool keeps_record) {
    standin_.host.answer_always([this, keeps_record](const ReceivedRequest& request) -> Answer {
      if (keeps_record) recording_host_->send(request);
      return {.status = 500};
    });
  }

  void let_waits_pass(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) move_back(id, "next_attempt_at", 600);
  }

  std::string outcome(const std::string& id) { return job(id)["outcome"]; }

  std::unique_ptr<RecordingHost> recording_host_;
};
AUTOREPLY_ON_BOTH_DATABASES(InDoubt);

TEST_P(InDoubt, IsSettledByTheHostsRecordWithoutASecondSms) {
  const auto ids = ask_many(4);
  host_sends_and_answers_500(true);
  EXPECT_EQ(4, run()["retried"]);
  let_waits_pass(ids);
  const RunResult second = run();
  EXPECT_EQ(0, second.status);
  EXPECT_EQ(4, second["completed"]);
  EXPECT_EQ(4U, standin_.host.count());
  EXPECT_EQ(4U, standin_.provider.count());
  for (const std::string& id : ids) {
    EXPECT_EQ("complete", job(id)["status"]);
    EXPECT_TRUE(job(id)["error"].is_null());
  }
}

TEST_P(InDoubt, IsSentAtMostMaxSendsTimesWhereTheHostKeepsNoRecord) {
  const auto ids = ask_many(4);
  host_sends_and_answers_500(false);
  for (int tick = 0; tick < 5; ++tick) {
    run({"--max-attempts", "9"});
    let_waits_pass(ids);
  }
  EXPECT_EQ(8U, standin_.host.count());
  for (const std::string& id : ids) {
    EXPECT_EQ("pending", job(id)["status"]) << "the host takes nothing: it is no job's fault";
    EXPECT_THAT(outcome(id), StartsWith("retried: in doubt: kept"));
    move_back(id, "created_at", 25 * 3'600);
  }
  run({"--max-attempts", "9"});
  EXPECT_EQ(8U, standin_.host.count());
  for (const std::string& id : ids) {
    EXPECT_EQ("error", job(id)["status"]);
    EXPECT_THAT(outcome(id), StartsWith("failed: delivery unknown"));
  }
}

TEST_P(InDoubt, OnTheLastAttemptAsksTheHostBeforeItFails) {
  const std::string sent = ask("Are you open?");
  standin_.host.script([this](const ReceivedRequest& request) -> Answer {
    recording_host_->send(request);
    return {.hang_up = true};
  });
  EXPECT_EQ(75, run({"--max-attempts", "1"}).status);
  const std::string unknown = ask("And tomorrow?");
  standin_.host.script(Answer{.hang_up = true});
  EXPECT_EQ(75, run({"--max-attempts", "1"}).status);
  ask("Is anybody there?");
  EXPECT_EQ(1, run({"--max-attempts", "1"})["completed"]);
  let_waits_pass({sent, unknown});

  EXPECT_EQ(1, run({"--max-attempts", "1"}).status);
  EXPECT_EQ("completed", outcome(sent));
  EXPECT_THAT(outcome(unknown), StartsWith("failed: delivery unknown"));
  EXPECT_EQ(3U, standin_.host.count());
  EXPECT_EQ(1, job(sent)["attempts"]);
}

TEST_P(InDoubt, AfterADeathWaitsForTheHostsRecord) {
  const std::string id = ask("Are you open?");
  standin_.host.hold();
  {
    Process process(run_command());
    ASSERT_TRUE(standin_.host.wait_for_requests(1));
    process.send(SIGKILL);
    EXPECT_EQ(SIGKILL, process.wait().signal);
  }
  move_back(id, "lease_until", 600);
  const RunResult early = run();
  EXPECT_EQ(75, early.status);
  EXPECT_THAT(outcome(id), StartsWith("retried: in doubt"));
  EXPECT_EQ(1, job(id)["attempts"]);
  EXPECT_EQ(120'000, between(id, "sent_at", "next_attempt_at"));

  const ReceivedRequest request = standin_.host.requests().front();
  recording_host_->send(request);
  standin_.host.release();
  let_waits_pass({id});
  EXPECT_EQ(0, run().status);
  EXPECT_EQ("completed", outcome(id));
  EXPECT_EQ(1U, standin_.host.count());
}

TEST_P(InDoubt, SendsAgainWithTheSameTextAndKey) {
  const std::string id = ask("Are you open?");
  standin_.host.script(Answer{.status = 502});
  EXPECT_EQ(1, run()["retried"]);
  let_waits_pass({id});
  EXPECT_EQ(1, run()["completed"]);
  const auto requests = standin_.host.requests();
  ASSERT_EQ(2U, requests.size());
  EXPECT_EQ(requests[0].body, requests[1].body);
  EXPECT_EQ(job(id)["ai_log_id"], requests[0].header("idempotency-key"));
  EXPECT_EQ(requests[0].header("idempotency-key"), requests[1].header("idempotency-key"));
}

/// Events that happen while the provider thinks.
class Meanwhile : public ProgramTest {
 protected:
  template <class Event>
  RunResult run_while(Event event) {
    standin_.provider.hold();
    Process process(run_command());
    EXPECT_TRUE(standin_.provider.wait_for_requests(1));
    event();
    standin_.provider.release();
    return result_of(process);
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Meanwhile);

TEST_P(Meanwhile, AStopIsHeeded) {
  const Customer customer = add_customer();
  const std::string id = enqueue(customer, add_message(customer, "Hello?"));
  const RunResult result = run_while([&] { add_message(customer, " stop. ", "inbound", 0); });
  EXPECT_EQ(1, result["skipped"]);
  EXPECT_EQ("skipped: opted out", job(id)["outcome"]);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Meanwhile, AStatusOfTheContactIsHeeded) {
  const Customer customer = add_customer();
  const std::string id = enqueue(customer, add_message(customer, "Hello?"));
  const RunResult result = run_while(
      [&] { database().execute("update contacts set conversation_status = 'unsubscribed'"); });
  EXPECT_EQ(1, result["skipped"]);
  EXPECT_EQ("skipped: opted out", job(id)["outcome"]);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Meanwhile, SwitchingOffIsHeeded) {
  const std::string id = ask("Hello?");
  const RunResult result =
      run_while([&] { database().execute("update workspace_ai_config set enabled = false"); });
  EXPECT_EQ(1, result["skipped"]);
  EXPECT_EQ("skipped: switched off", job(id)["outcome"]);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Meanwhile, AnotherMessageOfTheCustomerChangesNothing) {
  const Customer customer = add_customer();
  enqueue(customer, add_message(customer, "Hello?"));
  const RunResult result =
      run_while([&] { add_message(customer, "stop by any time?", "inbound", 0); });
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(1U, standin_.host.count());
}

}  // namespace
}  // namespace autoreply::test

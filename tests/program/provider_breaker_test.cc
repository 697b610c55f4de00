#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"
#include "support/silent_server.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// Two workspaces at one provider, each with its own key.
class ProviderOutage : public ProgramTest {
 protected:
  static constexpr int kJobs = 12;

  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    add_workspace({.workspace_id = "troubled", .api_key = "sk-troubled-1"});
    add_workspace({.workspace_id = "calm", .api_key = "sk-calm-1"});
    for (int number = 0; number < kJobs; ++number) ask_of("troubled");
    for (int number = 0; number < kJobs; ++number) ask_of("calm");
  }

  std::string ask_of(const std::string& workspace) {
    return ask(add_customer(workspace), "Are you open on Sunday?");
  }

  /// Gives this answer to the troubled workspace's key from now on. All others get a reply.
  void answer_troubled(const Answer& answer) {
    standin_.provider.answer_always([this, answer](const ReceivedRequest& request) {
      if (request.header("authorization") != "Bearer sk-troubled-1")
        return chat_completion("Yes, until 5.");
      ++troubled_calls_;
      return answer;
    });
  }
  void heal() { answer_troubled(chat_completion("Yes, until 5.")); }

  std::size_t count(const std::string& condition) {
    return rows("ai_response_queue", condition).size();
  }
  std::string breaker(const std::string& column) {
    return database().value("select " + column +
                            " from autoreply_breakers where name like 'provider:%'"
                            " order by opened_at is null, changed_at desc limit 1");
  }
  void set_breaker(const std::string& assignments) {
    database().execute("update autoreply_breakers set " + assignments);
  }
  void put_off_probe() { set_breaker("probe_at = " + database().instant(600)); }
  void let_probe_be_due() { set_breaker("probe_at = " + database().instant(-1)); }
  void let_waits_pass() {
    database().execute("update ai_response_queue set next_attempt_at = " + database().instant(-60) +
                       " where status = 'pending'");
  }

  std::atomic<int> troubled_calls_{0};
};
AUTOREPLY_ON_BOTH_DATABASES(ProviderOutage);

TEST_P(ProviderOutage, IsLearnedOnceAndCostsNobodyAnAttempt) {
  answer_troubled({.status = 500, .body = "down"});
  const RunResult first = run({"--concurrency", "1"});
  EXPECT_EQ(75, first.status);
  EXPECT_EQ(kJobs, first["completed"]) << "the other key goes on";
  EXPECT_EQ(2, first["retried"]) << "those before the third did not know";
  EXPECT_EQ(kJobs - 2, first["deferred"]);
  EXPECT_EQ(3, troubled_calls_);
  EXPECT_NE("", breaker("opened_at"));
  EXPECT_THAT(breaker("label"), HasSubstr("openai at"));
  EXPECT_THAT(breaker("name") + breaker("label"), Not(HasSubstr("sk-troubled")));

  // Ticks of cron throughout the outage, before the probe.
  put_off_probe();
  for (int tick = 0; tick < 4; ++tick) {
    let_waits_pass();
    const RunResult during = run();
    EXPECT_EQ(75, during.status);
    EXPECT_EQ(0, during["claimed"]);
    EXPECT_EQ(kJobs, during["held_back"]);
  }
  let_probe_be_due();
  const RunResult probe = run();
  EXPECT_EQ(1, probe["claimed"]);
  EXPECT_EQ(1, probe["deferred"]);
  EXPECT_EQ(4, troubled_calls_);
  EXPECT_EQ("10000", breaker("pause_ms"));
  EXPECT_EQ("2",
            database().value("select sum(attempts) from ai_response_queue"
                             " where workspace_id = 'troubled'"));

  heal();
  let_waits_pass();
  let_probe_be_due();
  const RunResult after = run();
  EXPECT_EQ(0, after.status) << after.log;
  EXPECT_EQ(kJobs, after["completed"]) << "the probe first, then 1, 2, 4 … in the same run";
  EXPECT_LE(standin_.provider.most_in_flight(), 4U);
}

TEST_P(ProviderOutage, IsFollowedByASlowStartOfTheJobsThatWereClaimedBefore) {
  for (int number = 0; number < 30; ++number) ask_of("troubled");
  std::atomic<bool> throttled{false};
  std::atomic<steady_clock::time_point> unblocked{steady_clock::time_point::max()};
  std::atomic<int> under_way{0};
  std::atomic<int> answered{0};
  std::atomic<int> too_many{0};
  standin_.provider.answer_always([&](const ReceivedRequest& request) -> Answer {
    const bool troubled = request.header("authorization") == "Bearer sk-troubled-1";
    if (troubled && !throttled.exchange(true)) {
      unblocked = steady_clock::now() + milliseconds{600};
      return {.status = 429, .body = "{}", .headers = {{"retry-after-ms", "600"}}};
    }
    // Until the key is free again, all threads are busy with calls that began before.
    const bool late = troubled && steady_clock::now() > unblocked.load();
    // Each success lets at most one more call through.
    if (late && ++under_way > answered + 1) ++too_many;
    std::this_thread::sleep_for(milliseconds{late ? 100 : 1'200});
    if (late) {
      ++answered;
      --under_way;
    }
    return chat_completion("Yes, until 5.");
  });
  run({"--concurrency", "8"});
  EXPECT_GT(answered, 0);
  let_waits_pass();
  run({"--concurrency", "8"});
  EXPECT_GT(answered, 8);
  EXPECT_EQ(0, too_many);
}

TEST_P(ProviderOutage, KeepsNoReplyThatIsThereFromBeingSent) {
  standin_.host.answer_always(Answer{.status = 503});
  answer_troubled(chat_completion("Yes, until 5."));
  EXPECT_EQ(75, run({"--workspace", "troubled", "--limit", "2", "--concurrency", "1"}).status);
  EXPECT_EQ(2U, count("ai_log_id is not null"));
  standin_.host.answer_always(Answer{.body = R"({"success":true})"});
  answer_troubled({.status = 500});
  EXPECT_EQ(75, run({"--workspace", "troubled", "--concurrency", "1"}).status);
  let_waits_pass();
  const int calls = troubled_calls_;
  const RunResult result = run({"--workspace", "troubled"});
  EXPECT_EQ(2, result["completed"]);
  EXPECT_EQ(calls, troubled_calls_);
}

TEST_P(ProviderOutage, OfAKilledProberIsProbedByAnother) {
  answer_troubled({.status = 500});
  EXPECT_EQ(75, run({"--concurrency", "1"}).status);
  let_waits_pass();
  let_probe_be_due();
  standin_.provider.hold();
  Process prober(run_command());
  ASSERT_TRUE(standin_.provider.wait_for_requests(kJobs + 4));
  prober.send(SIGKILL);
  EXPECT_EQ(SIGKILL, prober.wait().signal);
  standin_.provider.release();
  EXPECT_EQ(0, run()["claimed"]) << "its lease on the probe still lasts";
  set_breaker("probing_until = " + database().instant(-1));
  EXPECT_EQ(1, run()["claimed"]);
}

TEST_P(ProviderOutage, IsNoneWhereOneJobAlwaysFails) {
  const std::string poison = ask(add_customer("troubled"), "Divide by zero, please");
  standin_.provider.script_for("Divide by zero", Answer{.status = 500});
  standin_.provider.script_for("Divide by zero", Answer{.status = 500});
  standin_.provider.script_for("Divide by zero", Answer{.status = 500});
  for (int attempt = 0; attempt < 3; ++attempt) {
    run({"--concurrency", "1"});
    let_waits_pass();
    ask_of("troubled");
  }
  EXPECT_EQ("error", job(poison)["status"]);
  EXPECT_EQ("", breaker("opened_at"));
  EXPECT_EQ(1U, count("status = 'error'"));
}

TEST_P(ProviderOutage, ByThrottlingIsWaitedForByAllJobsOfTheKeyAndByLaterRuns) {
  answer_troubled({.status = 429, .body = "{}", .headers = {{"retry-after-ms", "90000"}}});
  const RunResult first = run({"--concurrency", "1"});
  EXPECT_EQ(1, troubled_calls_);
  EXPECT_EQ(kJobs, first["deferred"]);
  EXPECT_EQ(kJobs, first["completed"]);
  EXPECT_EQ("1",
            database().value("select count(*) from autoreply_breakers"
                             " where name like 'model:%' and blocked_until > " +
                             database().instant(60)));
  EXPECT_EQ("0",
            database().value("select sum(attempts) from ai_response_queue"
                             " where workspace_id = 'troubled'"));

  let_waits_pass();
  const RunResult second = run();
  EXPECT_EQ(0, second["claimed"]) << "the key waits, whatever the rows say";
  EXPECT_EQ(kJobs, second["held_back"]);

  heal();
  set_breaker("blocked_until = " + database().instant(-1));
  EXPECT_EQ(kJobs, run()["completed"]);
}

TEST_P(ProviderOutage, ByARefusedKeyIsToldLoudlyAndLeavesTheOthersAlone) {
  answer_troubled({.status = 401, .body = R"({"error":{"code":"invalid_api_key"}})"});
  const RunResult result = run({"--concurrency", "1"});
  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, troubled_calls_);
  EXPECT_EQ(kJobs, result["completed"]);
  EXPECT_EQ(kJobs, result["deferred"]);
  EXPECT_THAT(result.log, HasSubstr("refused"));
  EXPECT_EQ(0U, count("status = 'error'"));
}

TEST_P(ProviderOutage, ByAnAddressThatIsSilentDoesNotKeepOthersWaiting) {
  const SilentServer silent;
  add_workspace({.workspace_id = "silent",
                 .api_key = "sk-silent",
                 .base_url = fmt::format("http://127.0.0.1:{}/v1", silent.port())});
  for (int number = 0; number < 30; ++number) ask(add_customer("silent"), "Anybody there?");
  heal();
  Process process(
      run_command({"--concurrency", "4", "--provider-timeout", "20s", "--grace", "1s"}));
  // This happens long before the first call of the silent address times out.
  EXPECT_TRUE(wait_for_value("select count(*) from ai_response_queue where status = 'complete'",
                             std::to_string(2 * kJobs)));
  EXPECT_EQ("0",
            database().value("select count(*) from ai_response_queue"
                             " where workspace_id = 'silent' and error is not null"));
  process.send(SIGTERM);
  EXPECT_EQ(75, result_of(process).status);
}

}  // namespace
}  // namespace autoreply::test

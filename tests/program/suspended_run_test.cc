#include <chrono>
#include <csignal>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/crash_fixture.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStoppedPoll{20};

/// A process that is suspended for longer than its lease and then goes on as if nothing had
/// happened, as with a closed laptop, a paused container or SIGSTOP.
class SuspendedRun : public CrashTest {
 protected:
  const std::vector<std::string> short_lease_{"--lease", "2s", "--callback-timeout", "1s"};

  void wait_until_the_lease_is_over(const std::string& id) {
    const auto deadline = steady_clock::now() + Endpoint::kPatience;
    const std::string left = database().seconds_between(database().instant(0), "lease_until");
    while (std::stod(database().value(
               fmt::format("select {} from ai_response_queue where id = '{}'", left, id))) >= 0) {
      ASSERT_LT(steady_clock::now(), deadline);
      std::this_thread::sleep_for(kStoppedPoll);
    }
  }

  void expect_to_lose_the_job(Process& process) {
    process.send(SIGCONT);
    const RunResult result = result_of(process);
    EXPECT_EQ(75, result.status) << result.log;
    EXPECT_EQ(1, result["lost"]) << result.log;
  }
};

AUTOREPLY_ON_BOTH_DATABASES(SuspendedRun);

TEST_P(SuspendedRun, WhileTheProviderIsAskedSendsNothingForAJobThatAnotherRunTookOver) {
  const std::string id = ask_something();
  standin_.provider.hold();
  Process suspended = start_victim(short_lease_);
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  victim_.stop();
  standin_.provider.release();
  wait_until_the_lease_is_over(id);

  EXPECT_EQ(1, run(options())["completed"]);
  const auto settled = job(id);
  expect_to_lose_the_job(suspended);

  EXPECT_EQ(1U, standin_.host.count());
  EXPECT_EQ(settled, job(id)) << "and writes nothing";
  EXPECT_EQ(2U, standin_.provider.count());
}

TEST_P(SuspendedRun, WritesAndSendsNothingWhileAnotherRunWorksOnTheJob) {
  const std::string id = ask_something();
  standin_.provider.hold();
  Process suspended = start_victim(short_lease_);
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  victim_.stop();
  standin_.provider.release();
  wait_until_the_lease_is_over(id);
  standin_.host.hold();
  Process other(run_command(options({"--lease", "10m"})));
  ASSERT_TRUE(standin_.host.wait_for_requests(1));

  const auto taken_over = job(id);
  expect_to_lose_the_job(suspended);
  EXPECT_EQ(taken_over, job(id));
  EXPECT_EQ(1U, standin_.host.count());

  standin_.host.release();
  EXPECT_EQ(1, result_of(other)["completed"]);
  expect_nothing_lost();
  expect_each_text_sent_once();
}

/// Suspensions that the proxy times.
class SuspendedRunOnPostgres : public SuspendedRun {
 protected:
  void suspend_at(DatabaseProxy::Moment moment, const DatabaseProxy::Matches& matches) {
    proxy()->at(moment, matches, 1, [this] {
      victim_.stop();
      suspended_ = true;
      return DatabaseProxy::Then::forward;
    });
  }

  [[nodiscard]] bool wait_for_suspension() const {
    const auto deadline = steady_clock::now() + Endpoint::kPatience;
    while (!suspended_) {
      if (steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(kStoppedPoll);
    }
    return true;
  }

 private:
  std::atomic<bool> suspended_{false};
};

INSTANTIATE_TEST_SUITE_P(,
                         SuspendedRunOnPostgres,
                         testing::Values(DatabaseKind::postgres),
                         [](const auto&) { return std::string("postgres"); });

TEST_P(SuspendedRunOnPostgres, RightAfterTheRecordSendsNoSecondSms) {
  const std::string id = ask_something();
  suspend_at(DatabaseProxy::Moment::after, [](const DatabaseRequest& request) {
    return request.is_commit() &&
           request.transaction.find("autoreply_record_") != std::string::npos;
  });
  Process suspended = start_victim(short_lease_);
  ASSERT_TRUE(wait_for_suspension());
  wait_until_the_lease_is_over(id);

  finish_all();
  const auto settled = job(id);
  EXPECT_EQ("complete", settled["status"]);
  expect_to_lose_the_job(suspended);

  EXPECT_EQ(1U, standin_.host.count());
  EXPECT_EQ(settled, job(id)) << "and writes nothing";
  expect_each_text_sent_once();
}

TEST_P(SuspendedRunOnPostgres, BeforeTheRecordSendsNothing) {
  const std::string id = ask_something();
  suspend_at(DatabaseProxy::Moment::before, [](const DatabaseRequest& request) {
    return request.is_commit() &&
           request.transaction.find("autoreply_record_") != std::string::npos;
  });
  Process suspended = start_victim(short_lease_);
  ASSERT_TRUE(wait_for_suspension());
  wait_until_the_lease_is_over(id);

  finish_all();
  expect_to_lose_the_job(suspended);

  EXPECT_EQ(1U, standin_.host.count());
  expect_nothing_lost();
  expect_each_text_sent_once();
}

TEST_P(SuspendedRunOnPostgres, ThatHoldsTheClaimLockStopsTheOthersForSecondsOnly) {
  ask_several(3);
  suspend_at(DatabaseProxy::Moment::after, [](const DatabaseRequest& request) {
    return request.statement.find("pg_advisory_xact_lock") != std::string::npos;
  });
  Process suspended = start_victim(short_lease_);
  ASSERT_TRUE(wait_for_suspension());

  const auto begin = steady_clock::now();
  finish_all();
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds{30});
  suspended.send(SIGCONT);
  const RunResult result = result_of(suspended);
  EXPECT_EQ(result["claimed"], result["completed"]) << result.log;

  expect_nothing_lost();
  expect_each_text_sent_once();
  EXPECT_EQ(3U, standin_.provider.count());
}

}  // namespace
}  // namespace autoreply::test

#include <csignal>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"
#include "program/shell.h"
#include "support/silent_server.h"

namespace autoreply::test {
namespace {

using testing::EndsWith;
using testing::StartsWith;

/// Three jobs and one thread. The provider holds the first while the others wait their turn.
class Stop : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    ids_ = ask_many(3);
    for (const std::string& id : ids_) due_.push_back(time_of(id, "next_attempt_at"));
    standin_.provider.hold();
  }

  Process start_and_hold(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"--concurrency", "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Process process(run_command(arguments));
    EXPECT_TRUE(standin_.provider.wait_for_requests(1));
    return process;
  }

  /// Expects the row as it was before the claim.
  void expect_untouched(std::size_t number) {
    const auto row = job(ids_[number]);
    EXPECT_EQ("pending", row["status"]);
    EXPECT_EQ(0, row["attempts"]);
    EXPECT_EQ(0, row["sends"]);
    EXPECT_TRUE(row["claim_token"].is_null());
    EXPECT_TRUE(row["lease_until"].is_null());
    EXPECT_TRUE(row["started_at"].is_null());
    EXPECT_EQ(due_[number], time_of(ids_[number], "next_attempt_at"));
  }

  std::vector<std::string> ids_;
  std::vector<std::int64_t> due_;
};

AUTOREPLY_ON_BOTH_DATABASES(Stop);

TEST_P(Stop, BySigtermFinishesWhatHasStartedAndReleasesTheRest) {
  Process process = start_and_hold();
  process.send(SIGTERM);
  // The released row shows that the run has handled the signal.
  ASSERT_TRUE(wait_for_status(ids_[2], "pending"));
  standin_.provider.release();

  const RunResult result = result_of(process);

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(3, result["claimed"]);
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(2, result["released"]);
  EXPECT_EQ(2, result["still_due"]);
  EXPECT_EQ("complete", job(ids_[0])["status"]);
  expect_untouched(1);
  expect_untouched(2);
  EXPECT_EQ(1U, standin_.provider.count());
}

TEST_P(Stop, BySigintDoesTheSame) {
  Process process = start_and_hold();
  process.send(SIGINT);
  ASSERT_TRUE(wait_for_status(ids_[2], "pending"));
  standin_.provider.release();
  EXPECT_EQ(2, result_of(process)["released"]);
}

TEST_P(Stop, BySighupDoesTheSame) {
  Process process = start_and_hold();
  process.send(SIGHUP);
  ASSERT_TRUE(wait_for_status(ids_[2], "pending"));
  standin_.provider.release();
  EXPECT_EQ(2, result_of(process)["released"]);
}

TEST_P(Stop, DoesNotComeBySighupUnderNohup) {
  Process process(in_shell(run_command({"--concurrency", "1"}), "trap '' HUP; exec \"$@\""));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  process.send(SIGHUP);
  standin_.provider.release();
  EXPECT_EQ(3, result_of(process)["completed"]);
}

TEST_P(Stop, WithASecondSignalBreaksOffAtOnce) {
  Process process = start_and_hold({"--grace", "10m"});
  process.send(SIGTERM);
  ASSERT_TRUE(wait_for_status(ids_[2], "pending"));
  process.send(SIGTERM);

  const RunResult result = result_of(process);

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(3, result["released"]);
  for (const std::size_t number : {0U, 1U, 2U}) expect_untouched(number);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Stop, WhoseGraceIsOverBreaksOffBeforeTheRecord) {
  Process process = start_and_hold({"--grace", "100ms"});
  process.send(SIGTERM);

  const RunResult result = result_of(process);

  EXPECT_EQ(3, result["released"]);
  EXPECT_LT(result.exit.wall, std::chrono::seconds{20});
  expect_untouched(0);
}

TEST_P(Stop, ThatBreaksATransmissionOffLeavesItInDoubt) {
  standin_.provider.release();
  standin_.host.hold();
  Process process(run_command({"--concurrency", "1", "--limit", "1"}));
  ASSERT_TRUE(standin_.host.wait_for_requests(1));
  process.send(SIGTERM);
  process.send(SIGINT);

  const RunResult result = result_of(process);

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, result["retried"]);
  EXPECT_THAT(job(ids_[0])["outcome"].get<std::string>(), StartsWith("retried: in doubt"));
  EXPECT_EQ(1, job(ids_[0])["sends"]);
}

TEST_P(Stop, LeavesNoTransmissionToBeginThatTheGraceWouldCutShort) {
  Process process = start_and_hold({"--grace", "5s", "--callback-timeout", "1m"});
  process.send(SIGTERM);
  ASSERT_TRUE(wait_for_status(ids_[2], "pending"));
  standin_.provider.release();

  EXPECT_EQ(3, result_of(process)["released"]);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Stop, AfterMaxTimeFinishesWhatHasStartedAndReleasesTheRest) {
  Process process = start_and_hold({"--max-time", "4s"});
  ASSERT_TRUE(wait_for_status(ids_[2], "pending"));
  standin_.provider.release();

  const RunResult result = result_of(process);

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(2, result["released"]);
  expect_untouched(1);
}

TEST_P(Stop, BeforeTheClaimClaimsNothing) {
  standin_.provider.release();
  Process process(run_command({"--max-time", "1ms"}));
  const RunResult result = result_of(process);
  EXPECT_EQ(result["claimed"], result["completed"] + result["released"]);
}

/// A start-up that cannot go on, because the database accepts the connection but says nothing.
TEST(StopDuringStartUp, EndsARunSoonWithoutAClaim) {
  const SilentServer server;
  Process process(
      {.arguments = {"run",
                     "--database",
                     fmt::format("postgresql://somebody@127.0.0.1:{}/queue", server.port()),
                     "--callback-url",
                     "http://127.0.0.1:1/"}});
  ASSERT_TRUE(server.wait_for_connection());
  process.send(SIGTERM);
  const Exit exit = process.wait();
  EXPECT_EQ(75, exit.status);
  EXPECT_EQ("autoreply: stopped before anything was claimed\n", exit.err);
}

TEST(StopDuringStartUp, EndsAMigrationAtOnce) {
  const SilentServer server;
  Process process(
      {.arguments = {"migrate",
                     "--database",
                     fmt::format("postgresql://somebody@127.0.0.1:{}/queue", server.port())}});
  ASSERT_TRUE(server.wait_for_connection());
  process.send(SIGINT);
  EXPECT_EQ(SIGINT, process.wait().signal);
}

/// Another process has locked the file, so nothing can be settled.
using StopOfAHangingRun = Stop;
INSTANTIATE_TEST_SUITE_P(,
                         StopOfAHangingRun,
                         testing::Values(DatabaseKind::sqlite),
                         [](const auto&) { return std::string("sqlite"); });

TEST_P(StopOfAHangingRun, ComesWithASignalThatIsRepeatedLongEnough) {
  Process process = start_and_hold();
  database().execute("begin immediate");
  const Exit exit = process.wait_sending(SIGTERM, std::chrono::milliseconds{200});
  database().execute("rollback");
  EXPECT_EQ(75, exit.status);
  EXPECT_THAT(exit.err,
              EndsWith("autoreply: stopped before everything was settled; the leases"
                       " will run out\n"));
  EXPECT_EQ("processing", job(ids_[0])["status"]);
}

}  // namespace
}  // namespace autoreply::test

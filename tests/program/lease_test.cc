#include <csignal>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Runs whose leases are far shorter than their waits.
class Lease : public ProgramTest {
 protected:
  /// Waits until the job's lease has been renewed `count` times.
  bool sees_renewals(const std::string& id, int count) {
    const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
    std::int64_t last = time_of(id, "lease_until");
    while (count > 0) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      const std::int64_t now = time_of(id, "lease_until");
      if (now > last) --count;
      last = now;
    }
    return true;
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Lease);

TEST_P(Lease, OutlastsASlowProviderAndAWaitInThePool) {
  const auto ids = ask_many(2);
  standin_.provider.hold();
  Process process(run_command({"--lease", "1s", "--concurrency", "1"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  // More renewals than fit into one lease. Without them any run could claim both jobs by now.
  ASSERT_TRUE(sees_renewals(ids[0], 5));
  ASSERT_TRUE(sees_renewals(ids[1], 5));
  const RunResult other = run({"--lease", "1s"});
  EXPECT_EQ(0, other["claimed"]);
  standin_.provider.release();
  const RunResult result = result_of(process);
  EXPECT_EQ(0, result.status);
  EXPECT_EQ(2, result["completed"]);
  EXPECT_EQ(2U, standin_.host.count());
}

TEST_P(Lease, OfAProcessThatDiedGivesItsJobsBack) {
  const auto ids = ask_many(3);
  standin_.provider.hold();
  {
    Process process(run_command({"--lease", "1s", "--concurrency", "1"}));
    ASSERT_TRUE(standin_.provider.wait_for_requests(1));
    process.send(SIGKILL);
    EXPECT_EQ(SIGKILL, process.wait().signal);
  }
  standin_.provider.release();
  for (const std::string& id : ids) move_back(id, "lease_until", 1);
  const RunResult result = run();
  EXPECT_EQ(3, result["completed"]);
  EXPECT_EQ(2, job(ids[0])["attempts"]) << "the started one used its attempt";
  EXPECT_EQ(1, job(ids[1])["attempts"]);
  EXPECT_EQ(1, job(ids[2])["attempts"]);
}

TEST_P(Lease, ThatRanOutOnTheLastAttemptEndsTheJob) {
  const std::string id = ask("Hello?");
  standin_.provider.hold();
  {
    Process process(run_command({"--lease", "1s", "--max-attempts", "1"}));
    ASSERT_TRUE(standin_.provider.wait_for_requests(1));
    process.send(SIGKILL);
    EXPECT_EQ(SIGKILL, process.wait().signal);
  }
  standin_.provider.release();
  move_back(id, "lease_until", 1);
  const RunResult result = run({"--max-attempts", "1"});
  EXPECT_EQ(1, result.status);
  EXPECT_EQ("error", job(id)["status"]);
  EXPECT_EQ("failed: lease expired", job(id)["outcome"]);
  EXPECT_THAT(job(id)["error"].get<std::string>(), HasSubstr("lease expired"));
}

TEST_P(Lease, TakenOverWhileTheProcessWasFrozenIsLostToIt) {
  const std::string id = ask("Hello?");
  standin_.provider.hold();
  // A lease so long that the process is not frozen while it writes a renewal and locks the row.
  Process frozen(run_command({"--lease", "10m"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  frozen.send(SIGSTOP);
  move_back(id, "lease_until", 601);
  standin_.provider.release();
  EXPECT_EQ(1, run({"--lease", "1m"})["completed"]);

  frozen.send(SIGCONT);
  const RunResult result = result_of(frozen);
  EXPECT_EQ(75, result.status);
  EXPECT_EQ(1, result["lost"]);
  EXPECT_EQ(1U, standin_.host.count());
  EXPECT_EQ("complete", job(id)["status"]);
  EXPECT_EQ("completed", job(id)["outcome"]);
}

}  // namespace
}  // namespace autoreply::test

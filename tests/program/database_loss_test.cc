#include <chrono>
#include <csignal>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"
#include "support/flaky_proxy.h"

namespace autoreply::test {
namespace {

/// The statement with its terminating NUL, because settings of a transaction contain the word too.
const std::string kCommit("commit", sizeof "commit");

using std::chrono::seconds;
using testing::HasSubstr;
using Fate = FlakyProxy::Fate;

/// Far longer than any of these runs takes, and far shorter than the waits that it must avoid.
constexpr seconds kSoon{20};

/// A transaction of a run with one job, recognized by a text that only it contains.
struct LostStep {
  const char* name;
  const char* statement;
  bool asks_first = false;  ///< its transaction takes several round trips
};
constexpr LostStep kClaim{"claim", "pg_advisory_xact_lock", true};
constexpr LostStep kStart{"start", "autoreply_start_"};
constexpr LostStep kRecord{"record", "autoreply_record_"};
constexpr LostStep kRenewal{"renewal", "autoreply_renew_"};
constexpr LostStep kSettle{"settle", "autoreply_settle_"};

/// A run that loses its network to the database.
class DatabaseLoss : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (!IsSkipped()) proxy_.emplace(database().url());
  }

  [[nodiscard]] Process start(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--database", proxy_->url()});
    return Process(run_command(more));
  }

  RunResult run_to_its_end(const std::vector<std::string>& more = {}) {
    Process process = start(more);
    return result_of(process);
  }

  /// Makes it look as if the run that held the job had died long ago.
  void let_lapse(const std::string& id) {
    if (job(id)["status"] == "processing") move_back(id, "lease_until", 3'600);
  }

  std::optional<FlakyProxy> proxy_;
};

INSTANTIATE_TEST_SUITE_P(, DatabaseLoss, testing::Values(DatabaseKind::postgres), [](const auto&) {
  return std::string("postgres");
});

TEST_P(DatabaseLoss, AtAnyStepCostsNothingWhenTheDatabaseComesBack) {
  std::size_t sent = 0;
  for (const LostStep& step : {kClaim, kStart, kRecord, kSettle}) {
    for (const Fate fate : {Fate::lose, Fate::lose_answer}) {
      for (const bool at_commit : {false, true}) {
        if (at_commit && !step.asks_first) continue;
        SCOPED_TRACE(fmt::format("{}, {}{}",
                                 step.name,
                                 fate == Fate::lose ? "before it" : "its answer",
                                 at_commit ? ", commit" : ""));
        const std::string id = ask("Hello?");
        proxy_->on_statement(step.statement, at_commit ? Fate::pass : fate);
        if (at_commit) proxy_->on_statement(kCommit, fate);

        const RunResult result = run_to_its_end();

        EXPECT_TRUE(proxy_->wait_until_done());
        EXPECT_EQ(0, result.status) << result.log;
        EXPECT_EQ(1, result["completed"]);
        EXPECT_EQ("complete", job(id)["status"]);
        EXPECT_EQ(1, job(id)["attempts"]);
        EXPECT_EQ(1, job(id)["sends"]);
        ++sent;
        EXPECT_EQ(sent, standin_.host.count()) << "nothing is sent twice";
        EXPECT_EQ(sent, standin_.provider.count()) << "nothing is paid twice";
      }
    }
  }
}

TEST_P(DatabaseLoss, ForGoodEndsTheRunWith69AndLeavesTheJobToTheNext) {
  for (const LostStep& step : {kClaim, kStart, kRecord, kSettle}) {
    SCOPED_TRACE(step.name);
    const std::string id = ask("Hello?");
    const std::size_t sent = standin_.host.count();
    proxy_->on_statement(step.statement, Fate::refuse);

    const RunResult result = run_to_its_end({"--database-wait", "500ms"});

    EXPECT_EQ(69, result.status) << result.log;
    EXPECT_EQ(result["claimed"], result["lost"]);
    EXPECT_LT(result.exit.wall, kSoon);
    EXPECT_THAT(result.log, HasSubstr("database_gone"));
    const bool was_sent = step.name == kSettle.name;
    EXPECT_EQ(sent + (was_sent ? 1 : 0), standin_.host.count());

    proxy_->resume();
    let_lapse(id);
    EXPECT_EQ(1, run_to_its_end({"--id", id})["claimed"]);
    if (!was_sent) {
      EXPECT_EQ("complete", job(id)["status"]);
    }
  }
}

TEST_P(DatabaseLoss, ForGoodBreaksOffWhatCannotBeRecorded) {
  ask("I am slow");
  ask("I am quick");
  standin_.provider.script_for("I am slow", Answer{.delay = seconds{300}});
  proxy_->on_statement(kRecord.statement, Fate::refuse);

  const RunResult result = run_to_its_end({"--database-wait", "500ms", "--provider-timeout", "5m"});

  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_EQ(2, result["lost"]);
  EXPECT_LT(result.exit.wall, kSoon);
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(DatabaseLoss, DuringARenewalCostsNothingWhenTheDatabaseComesBack) {
  const std::string id = ask("Hello?");
  standin_.provider.hold();
  Process process = start({"--lease", "4s", "--callback-timeout", "1s"});
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  proxy_->on_statement(kRenewal.statement, Fate::lose_answer);
  ASSERT_TRUE(proxy_->wait_until_done());
  standin_.provider.release();

  const RunResult result = result_of(process);

  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(1, job(id)["attempts"]);
  EXPECT_EQ(1U, standin_.host.count());
}

TEST_P(DatabaseLoss, DuringARenewalForGoodBreaksOffWhatCannotBeRecorded) {
  ask("Hello?");
  standin_.provider.hold();
  Process process = start({"--lease", "3s", "--database-wait", "500ms"});
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  proxy_->on_statement(kRenewal.statement, Fate::refuse);

  const RunResult result = result_of(process);

  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_EQ(1, result["lost"]);
  EXPECT_LT(result.exit.wall, kSoon);
}

TEST_P(DatabaseLoss, ByAServerThatFallsSilentEndsTheRunWith69) {
  ask("Hello?");
  proxy_->on_statement(kRecord.statement, Fate::swallow);
  Process process = start({"--database-wait", "1s"});
  ASSERT_TRUE(proxy_->wait_until_done());
  proxy_->go_silent();

  const RunResult result = result_of(process);

  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_LT(result.exit.wall, seconds{25});
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(DatabaseLoss, DoesNotHoldUpTheShutdown) {
  ask("Hello?");
  proxy_->on_statement(kSettle.statement, Fate::swallow);
  Process process = start({"--database-wait", "10m", "--grace", "200ms"});
  ASSERT_TRUE(proxy_->wait_until_done());
  proxy_->go_silent();
  const auto told = std::chrono::steady_clock::now();
  process.send(SIGTERM);

  const RunResult result = result_of(process);

  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_LT(std::chrono::steady_clock::now() - told, seconds{10});
}

TEST_P(DatabaseLoss, DuringTheShutdownIsNotWaitedFor) {
  ask("Hello?");
  proxy_->on_statement(kSettle.statement, Fate::refuse);
  Process process = start({"--database-wait", "10m"});
  ASSERT_TRUE(proxy_->wait_until_done());
  const auto told = std::chrono::steady_clock::now();
  process.send(SIGTERM);
  process.send(SIGINT);

  const RunResult result = result_of(process);

  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_LT(std::chrono::steady_clock::now() - told, seconds{10});
}

TEST_P(DatabaseLoss, OfAProcessThatFreezesInItsClaimStopsOthersForSeconds) {
  const std::string id = ask("Hello?");
  proxy_->on_statement(kClaim.statement, Fate::hold_answer);
  Process frozen = start();
  ASSERT_TRUE(proxy_->wait_until_done());
  frozen.send(SIGSTOP);
  proxy_->resume();

  const RunResult other = run();

  EXPECT_EQ(0, other.status) << other.log;
  EXPECT_EQ(1, other["completed"]);
  EXPECT_LT(other.exit.wall, kSoon);

  frozen.send(SIGCONT);
  const RunResult thawed = result_of(frozen);
  EXPECT_EQ(0, thawed.status) << thawed.log;
  EXPECT_EQ(0, thawed["claimed"]);
  EXPECT_EQ(1, job(id)["attempts"]);
  EXPECT_EQ(1U, standin_.host.count());
}

}  // namespace
}  // namespace autoreply::test

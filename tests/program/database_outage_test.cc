#include <array>

#include <gmock/gmock.h>

#include "program/crash_fixture.h"
#include "support/postgres_server.h"

namespace autoreply::test {
namespace {

using std::chrono::seconds;
using testing::AnyOf;

constexpr int kJobs = 40;

/// Options under which no job is given up, however often the database fails.
constexpr std::array kPatient{"--max-attempts", "1000", "--max-sends", "1000"};

/// A run under load whose database fails. It either finishes or ends with 69, and does so soon.
class DatabaseOutage : public CrashTest {
 protected:
  /// Starts a run through the proxy and waits until the host has got `sent` requests.
  [[nodiscard]] Process start_under_load(std::size_t sent, const std::vector<std::string>& more) {
    ask_several(kJobs);
    std::vector<std::string> arguments{"--concurrency", "4", "--drain", "--limit", "10"};
    arguments.insert(arguments.end(), kPatient.begin(), kPatient.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    Process process = start_victim(arguments);
    EXPECT_TRUE(standin_.host.wait_for_requests(sent));
    return process;
  }

  void expect_all_to_be_well_in_the_end() {
    finish_all({kPatient.begin(), kPatient.end()});
    expect_nothing_lost();
    expect_each_text_sent_once();
    expect_no_needless_provider_call();
  }
};

/// The test has its own server, which it may restart.
class RestartedDatabase : public DatabaseOutage {
 protected:
  std::unique_ptr<TestDatabase> make_database() override {
    if (!PostgresServer::is_installed()) return nullptr;
    server_ = std::make_unique<PostgresServer>();
    auto database = make_postgres_database(server_->url());
    const Exit migrated = run_to_end({{"migrate", "--database", database->url()}});
    EXPECT_EQ(0, migrated.status) << migrated.err;
    return database;
  }

  void restart() {
    server_->stop_immediately();
    server_->start();
    database().reconnect();
  }

  // The server may end before or after the base's last session; both orders work.
  std::unique_ptr<PostgresServer> server_;
};

#define AUTOREPLY_ON_POSTGRES(suite)                                                           \
  INSTANTIATE_TEST_SUITE_P(, suite, testing::Values(DatabaseKind::postgres), [](const auto&) { \
    return std::string("postgres");                                                            \
  })

AUTOREPLY_ON_POSTGRES(RestartedDatabase);

TEST_P(RestartedDatabase, UnderLoadLosesNothingAndSendsNothingTwice) {
  Process process = start_under_load(5, {});
  restart();
  EXPECT_TRUE(standin_.host.wait_for_requests(20));
  restart();
  const Exit exit = bury(process, seconds{90});
  EXPECT_THAT(exit.status.value_or(-1), AnyOf(0, 69, 75)) << exit.err;
  expect_all_to_be_well_in_the_end();
}

TEST_P(RestartedDatabase, ThatStaysAwayTooLongEndsTheRunWith69) {
  Process process = start_under_load(5, {"--database-wait", "500ms"});
  server_->stop_immediately();
  const Exit exit = process.wait(seconds{60});
  EXPECT_EQ(69, exit.status) << exit.err;
  server_->start();
  database().reconnect();
  note_what_it_left(true);
  expect_all_to_be_well_in_the_end();
}

class SilentDatabase : public DatabaseOutage {};

AUTOREPLY_ON_POSTGRES(SilentDatabase);

TEST_P(SilentDatabase, EndsTheRunWith69WithinABoundAndLeavesAllToALaterRun) {
  Process process = start_under_load(5, {"--database-wait", "3s"});
  proxy()->go_silent();
  const Exit exit = bury(process, seconds{60});
  EXPECT_EQ(69, exit.status) << exit.err;
  proxy()->resume();
  expect_all_to_be_well_in_the_end();
}

TEST_P(SilentDatabase, ThatSpeaksAgainSoonCostsNothing) {
  Process process = start_under_load(5, {});
  proxy()->go_silent();
  const std::size_t answered = standin_.host.count();
  // Nothing more can be recorded, so the run stands still. All later requests follow `resume`.
  EXPECT_FALSE(standin_.host.wait_for_requests(answered + 5, std::chrono::milliseconds{500}));
  proxy()->resume();
  const RunResult result = result_of(process);
  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(kJobs, result["completed"]);
  expect_all_to_be_well_in_the_end();
}

TEST_P(SilentDatabase, ThatIsResetThenIsConnectedToAgain) {
  Process process = start_under_load(5, {});
  proxy()->cut();
  const RunResult result = result_of(process);
  EXPECT_EQ(0, result.status) << result.log;
  expect_all_to_be_well_in_the_end();
}

}  // namespace
}  // namespace autoreply::test

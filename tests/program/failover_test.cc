// A primary that is killed under load, and a standby that takes its place.

#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"
#include "support/postgres_connection.h"
#include "support/postgres_server.h"

namespace autoreply::test {
namespace {

using testing::AnyOf;
using testing::SizeIs;

constexpr std::size_t kJobs = 30;

class Failover : public ProgramTest {
 protected:
  [[nodiscard]] DatabaseKind kind() const override { return DatabaseKind::postgres; }
  std::unique_ptr<TestDatabase> make_database() override {
    if (!PostgresServer::is_installed()) return nullptr;
    primary_ = std::make_unique<PostgresServer>();
    auto database = make_postgres_database(primary_->url());
    const Exit migrated = run_to_end({{"migrate", "--database", database->url()}});
    EXPECT_EQ(0, migrated.status) << migrated.err;
    return database;
  }

  [[nodiscard]] std::string name() {
    return database().url().substr(database().url().rfind('/') + 1);
  }
  /// The URL of both servers.
  [[nodiscard]] std::string both() {
    return fmt::format(
        "postgresql://postgres@127.0.0.1:{},127.0.0.1:{}/{}?target_session_attrs=read-write",
        primary_->port(),
        standby_->port(),
        name());
  }
  std::string on_standby(const std::string& query) {
    std::string url = standby_->url();
    url.replace(url.rfind('/') + 1, std::string::npos, name());
    const auto rows = PostgresConnection(url).run(query);
    return rows.empty() ? "" : rows.front().front();
  }

  std::unique_ptr<PostgresServer> primary_;
  std::unique_ptr<PostgresServer> standby_;
};
INSTANTIATE_TEST_SUITE_P(,
                         Failover,
                         testing::Values(DatabaseKind::postgres),
                         [](const auto& tested) { return std::string(to_string(tested.param)); });

TEST_P(Failover, CostsNoCustomerAnAnswer) {
  ask_many(static_cast<int>(kJobs));
  standby_ = PostgresServer::standby_of(*primary_);
  standin_.host.answer_always(Answer{
      .status = 200, .body = R"({"success":true})", .delay = std::chrono::milliseconds(100)});
  const std::vector<std::string> options{"--database",
                                         both(),
                                         "--drain",
                                         "--limit",
                                         "10",
                                         "--concurrency",
                                         "2",
                                         "--in-doubt-wait",
                                         "1s",
                                         "--max-sends",
                                         "10",
                                         "--lease",
                                         "10s",
                                         "--callback-timeout",
                                         "5s",
                                         "--workspace-per-minute",
                                         "0"};
  Process process(run_command(options));
  ASSERT_TRUE(standin_.host.wait_for_requests(5));
  primary_->stop_immediately();
  standby_->promote();

  const RunResult during = result_of(process);
  EXPECT_THAT(during.status, AnyOf(0, 69, 75)) << during.log;
  for (int runs = 0; runs < 60; ++runs) {
    if (on_standby("select count(*) from ai_response_queue where status <> 'complete'") == "0") {
      break;
    }
    on_standby(
        "update ai_response_queue set next_attempt_at = now(), lease_until = "
        "least(lease_until, now()) where status <> 'complete' returning 1");
    Process next(run_command(options));
    EXPECT_THAT(result_of(next).status, AnyOf(0, 75));
  }
  EXPECT_EQ(std::to_string(kJobs),
            on_standby("select count(*) from ai_response_queue where outcome = 'completed'"));
  // What the standby had not received yet may be sent again, but with the same key.
  std::set<std::string> keys;
  for (const ReceivedRequest& request : standin_.host.requests()) {
    keys.insert(request.header("idempotency-key"));
  }
  EXPECT_THAT(keys, SizeIs(kJobs));
}

}  // namespace
}  // namespace autoreply::test

#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kRefuseSettlements =
    "create trigger refuse before update on ai_response_queue"
    " when new.claim_token is null and old.claim_token is not null{}"
    " begin select raise(abort, 'no entry is ever finished'); end";
constexpr const char* kRefuseSettlementsOnPostgres =
    "create function refuse() returns trigger language plpgsql as"
    " $$ begin raise exception 'no entry is ever finished'; end $$;"
    "create trigger refuse before update on ai_response_queue for each row"
    " when (new.claim_token is null and old.claim_token is not null{}) execute function refuse()";

/// A database that refuses what a run writes.
class RefusingDatabase : public ProgramTest {
 protected:
  /// `condition` restricts which settlements are refused: SQL over `new`, beginning with "and".
  void refuse_settlements(std::string_view condition) {
    database().execute(fmt::format(
        fmt::runtime(database().is_postgres() ? kRefuseSettlementsOnPostgres : kRefuseSettlements),
        condition));
  }
};
AUTOREPLY_ON_BOTH_DATABASES(RefusingDatabase);

TEST_P(RefusingDatabase, EndsTheRunWith70WhenItRefusesAllSettlements) {
  const std::string id = ask("Hello?");
  refuse_settlements("");

  const RunResult result = run();

  EXPECT_EQ(70, result.status);
  EXPECT_EQ(1, result["lost"]);
  EXPECT_EQ("processing", job(id)["status"]) << "the lease runs out, and a later run settles it";
  EXPECT_EQ(1U, standin_.host.count());
}

TEST_P(RefusingDatabase, IsSentNothingMoreAfterAFewRefusals) {
  ask_many(12);
  refuse_settlements("");

  const RunResult result = run({"--concurrency", "1"});

  EXPECT_EQ(70, result.status);
  EXPECT_EQ(12, result["lost"]);
  EXPECT_EQ(3U, standin_.host.count());
  EXPECT_THAT(result.log, HasSubstr("settlements_refused"));
}

TEST_P(RefusingDatabase, GetsBackWhatWasNotStarted) {
  ask_many(12);
  refuse_settlements(" and new.status = 'complete'");

  const RunResult result = run({"--concurrency", "1", "--drain"});

  EXPECT_EQ(70, result.status);
  EXPECT_EQ(3, result["lost"]);
  EXPECT_EQ(9, result["released"]);
  EXPECT_EQ(3U, standin_.host.count());
  EXPECT_EQ(9U, rows("ai_response_queue", "t.status = 'pending' and t.attempts = 0").size());
}

TEST_P(RefusingDatabase, LosesOnlyTheJobThatItRefuses) {
  const auto ids = ask_many(5);
  refuse_settlements(fmt::format(" and new.id = '{}'", ids[2]));

  const RunResult result = run();

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(4, result["completed"]);
  EXPECT_EQ(1, result["lost"]);
}

/// A host that changes its tables while a run is under way.
using ChangingDatabase = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(ChangingDatabase);

TEST_P(ChangingDatabase, EndsTheRunWith78AndLosesNothing) {
  const auto ids = ask_many(6);
  standin_.provider.hold();
  Process process(run_command({"--concurrency", "2", "--limit", "2", "--drain"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(2));
  database().execute("alter table livechat_messages rename column body to content");
  standin_.provider.release();

  const RunResult result = result_of(process);
  EXPECT_EQ(78, result.status);
  EXPECT_THAT(result.summary.value("error", ""), HasSubstr("body"));
  EXPECT_EQ(0, result["failed"]);
  EXPECT_TRUE(rows("ai_response_queue", "t.status = 'error'").empty());

  database().execute("alter table livechat_messages rename column content to body");
  database().execute("update ai_response_queue set next_attempt_at = " + database().instant(-60) +
                     ", lease_until = case when claim_token is null then null else " +
                     database().instant(-60) + " end where status <> 'complete'");
  run({"--drain"});
  EXPECT_EQ(6U, rows("ai_response_queue", "t.status = 'complete'").size());
  EXPECT_EQ(6U, standin_.host.count()) << "nobody gets two";
}

/// A database in which a host's trigger fails with an error that looks like the program's own.
using ChokingDatabase = ProgramTest;
INSTANTIATE_TEST_SUITE_P(,
                         ChokingDatabase,
                         testing::Values(DatabaseKind::postgres),
                         [](const auto&) { return std::string("postgres"); });

TEST_P(ChokingDatabase, LosesOnlyTheJobThatItChokesOn) {
  const auto ids = ask_many(5);
  database().execute(
      fmt::format("create function choke() returns trigger language plpgsql as"
                  " $$ begin perform no_such_function(); return new; end $$;"
                  "create trigger choke before update on ai_response_queue for each row"
                  " when (new.claim_token is null and new.id = '{}') execute function choke()",
                  ids[2]));

  const RunResult result = run();

  EXPECT_EQ(75, result.status);
  EXPECT_EQ(4, result["completed"]);
  EXPECT_EQ(1, result["lost"]);
}

/// Failures that only a database server can cause.
class LostDatabase : public ProgramTest {
 protected:
  /// Starts a run and cuts its sessions while it waits for the provider.
  Process start_and_cut_off(const std::vector<std::string>& more, bool for_good) {
    standin_.provider.hold();
    Process process(run_command(more));
    EXPECT_TRUE(standin_.provider.wait_for_requests(1));
    if (for_good) {
      const std::string name = database().value("select current_database()");
      PostgresConnection(std::getenv("AUTOREPLY_TEST_POSTGRES"))
          .run(fmt::format("alter database \"{}\" allow_connections false", name));
    }
    database().execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()");
    standin_.provider.release();
    return process;
  }
};

INSTANTIATE_TEST_SUITE_P(, LostDatabase, testing::Values(DatabaseKind::postgres), [](const auto&) {
  return std::string("postgres");
});

TEST_P(LostDatabase, ThatComesBackCostsNoJob) {
  ask("Hello?");
  Process process = start_and_cut_off({}, false);
  const RunResult result = result_of(process);
  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(1U, standin_.host.count());
}

TEST_P(LostDatabase, ThatStaysAwayEndsTheRunWith69AndSendsNothing) {
  const std::string id = ask("Hello?");
  Process process = start_and_cut_off({"--database-wait", "500ms"}, true);
  const RunResult result = result_of(process);
  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_EQ(1, result["lost"]);
  EXPECT_EQ(0U, standin_.host.count()) << "nothing is sent that is not recorded";
  EXPECT_EQ("processing", job(id)["status"]);
}

/// A separate role, as an operator would create it.
class Privileges : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    role_ = "role_" + database().value("select replace(gen_random_uuid()::text, '-', '')");
    database().execute(fmt::format("create role {} login", role_));
    const Exit granted =
        run_to_end(command({"migrate", "--database", database().url(), "--grant-to", role_}));
    ASSERT_EQ(0, granted.status) << granted.err;
  }
  void TearDown() override {
    if (!role_.empty()) database().execute(fmt::format("drop owned by {0}; drop role {0}", role_));
  }

  [[nodiscard]] std::vector<std::string> as_role() {
    std::string url = database().url();
    url.replace(url.find("postgres@"), 8, role_);
    return {"--database", url};
  }

  std::string role_;
};

INSTANTIATE_TEST_SUITE_P(, Privileges, testing::Values(DatabaseKind::postgres), [](const auto&) {
  return std::string("postgres");
});

TEST_P(Privileges, ThatMigrateGrantsAreEnoughForARun) {
  ask("Hello?");
  const RunResult result = run(as_role());
  EXPECT_EQ(0, result.status) << result.log;
  EXPECT_EQ(1, result["completed"]);
}

TEST_P(Privileges, ThatRowSecurityWouldCutShortEndTheRunWith78) {
  ask("Hello?");
  database().execute("alter table livechat_messages enable row level security");
  const Exit exit = run_to_end(run_command(as_role()));
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.err, AllOf(HasSubstr("livechat_messages"), HasSubstr("row security")));
}

}  // namespace
}  // namespace autoreply::test

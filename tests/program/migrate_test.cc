#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "program/old_service.h"
#include "program/program_fixture.h"
#include "support/host_data.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Exit migrate(const std::string& url, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"migrate", "--database", url};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_to_end({.arguments = std::move(arguments)});
}

/// A run whose callbacks go to the stand-in.
Exit run_on(const std::string& url, const StandIn& standin) {
  return run_to_end({.arguments = {"run",
                                   "--database",
                                   url,
                                   "--callback-url",
                                   standin.callback_url(),
                                   "--limit",
                                   "1000",
                                   "--output",
                                   "json"}});
}

class Migrate : public testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override {
    database_ = make_test_database(GetParam());
    if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  }

  TestDatabase& database() { return *database_; }

  StandIn standin_;

 private:
  std::unique_ptr<TestDatabase> database_;
};

AUTOREPLY_ON_BOTH_DATABASES(Migrate);

TEST_P(Migrate, MakesEverythingInAnEmptyDatabase) {
  EXPECT_EQ(0, migrate(database().url()).status);
  EXPECT_EQ(0, run_on(database().url(), standin_).status);
}

TEST_P(Migrate, EndsWithWhatDoctorFinds) {
  ASSERT_EQ(0, migrate(database().url()).status);
  HostData host(database());
  host.job({.workspace_id = "ws-without-row"});
  database().execute("delete from workspace_ai_config");
  const Exit exit = migrate(database().url());
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_THAT(exit.out,
              AllOf(HasSubstr("note   workspaces jobs wait, and there is no configuration of "
                              "ws-without-row"),
                    HasSubstr("note   schedule   no run has looked at this queue yet"),
                    Not(HasSubstr("WRONG"))));
  const auto findings = parse_json(migrate(database().url(), {"--output", "json"}).out)["findings"];
  ASSERT_EQ(2U, findings.size());
  EXPECT_EQ("workspaces", findings[0]["about"]);
}

TEST_P(Migrate, DoesNothingTheSecondTime) {
  ASSERT_EQ(0, migrate(database().url()).status);
  const Exit second = migrate(database().url());
  EXPECT_EQ(0, second.status) << second.err;
  EXPECT_THAT(second.out, HasSubstr("nothing to do"));
}

TEST_P(Migrate, TakesTurnsWhenTwoRunAtOnce) {
  std::vector<Process> both;
  for (int number = 0; number < 2; ++number) {
    both.emplace_back(Command{.arguments = {"migrate", "--database", database().url()}});
  }
  for (Process& process : both) {
    const Exit exit = process.wait();
    EXPECT_EQ(0, exit.status) << exit.err;
  }
  EXPECT_EQ(0, run_on(database().url(), standin_).status);
}

TEST_P(Migrate, PrintsSqlThatDoesTheSameAndTouchesNothing) {
  const Exit printed = migrate(database().url(), {"--print"});
  ASSERT_EQ(0, printed.status) << printed.err;
  EXPECT_EQ(78, run_on(database().url(), standin_).status) << "nothing was migrated yet";

  const std::string file = testing::TempDir() + "autoreply-migration-" + random_uuid() + ".sql";
  std::ofstream(file) << printed.out;
  const Exit applied =
      GetParam() == DatabaseKind::postgres
          ? run_to_end(
                {.arguments =
                     {"--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file", file, database().url()},
                 .program = "psql"})
          : run_to_end({.arguments = {"-bail", database().url().substr(7), ".read " + file},
                        .program = "sqlite3"});
  std::filesystem::remove(file);
  EXPECT_EQ(0, applied.status) << applied.err;
  EXPECT_EQ(0, run_on(database().url(), standin_).status);
  // The functions depend on where the tables are found, so they are not printed.
  const std::string left =
      GetParam() == DatabaseKind::postgres ? "made 5 functions" : "nothing to do";
  EXPECT_THAT(migrate(database().url()).out, HasSubstr(left));
  EXPECT_THAT(migrate(database().url()).out, HasSubstr("nothing to do"));
}

TEST_P(Migrate, RefusesADatabaseWithOnlySomeOfTheHostsTables) {
  database().execute("create table contacts (id text primary key, workspace_id text)");
  const Exit exit = migrate(database().url());
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.err, AllOf(HasSubstr("ai_response_queue"), HasSubstr("--queue-table")));
}

/// The host's own, populated database, on which the older service is still at work.
class MigrateHost : public testing::Test {
 protected:
  void SetUp() override {
    database_ = make_test_database(DatabaseKind::postgres);
    if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  }

  TestDatabase& database() { return *database_; }
  std::string value(const std::string& sql) { return database_->value(sql); }
  void populate(const std::string& schema) {
    database_->execute(content_of_test_file("program/" + schema));
  }

  StandIn standin_;

 private:
  std::unique_ptr<TestDatabase> database_;
};

constexpr const char* kInvalidIndexes =
    "select count(*) from pg_index where not indisvalid or not indisready";
constexpr const char* kMessageIndexes =
    "select count(*) from pg_indexes where tablename like 'livechat_messages%'";
constexpr const char* kFirstRows =
    "select md5(string_agg(r, '|' order by r)) from ("
    " select concat_ws(',', id, workspace_id, contact_id, message_id, status, created_at, "
    "processed_at, error,"
    "                  attempts) as r"
    "   from ai_response_queue where contact_id not in"
    "        (select id from contacts where name in ('Customer 399', 'Customer 400'))) x";

TEST_F(MigrateHost, LeavesTheOlderServiceAtWork) {
  populate("host_schema_contract.sql");
  const std::string first_rows = value(kFirstRows);
  const std::string message_indexes = value(kMessageIndexes);
  OldService service(database().url());
  ASSERT_TRUE(service.wait_for_rounds(20));

  const Exit exit = migrate(database().url());

  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_TRUE(service.wait_for_rounds(20)) << "it goes on with the new columns";
  EXPECT_EQ("", service.stop());
  EXPECT_LT(service.longest_statement(), std::chrono::seconds{5});
  EXPECT_EQ(first_rows, value(kFirstRows)) << "what the host wrote is as it was";
  EXPECT_EQ("0", value(kInvalidIndexes));
  EXPECT_EQ(message_indexes, value(kMessageIndexes)) << "none is made on the messages";
  EXPECT_THAT(migrate(database().url()).out, HasSubstr("nothing to do"));
}

TEST_F(MigrateHost, MakesPendingRowsDueSinceTheirCreationAndOnlyThem) {
  populate("host_schema_contract.sql");
  ASSERT_EQ(0, migrate(database().url()).status);

  EXPECT_EQ("390", value("select count(*) from ai_response_queue where status = 'pending'"));
  EXPECT_EQ("0",
            value("select count(*) from ai_response_queue"
                  " where status = 'pending' and next_attempt_at <> created_at"));
  EXPECT_EQ("0", value("select count(*) from ai_response_queue where claim_token is not null"));
}

TEST_F(MigrateHost, IsFollowedByARunThatAnswersWhatIsPendingAndNothingElse) {
  populate("host_schema_contract.sql");
  ASSERT_EQ(0, migrate(database().url()).status);

  const Exit exit = run_on(database().url(), standin_);

  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ(390, parse_json(exit.out)["completed"]);
  EXPECT_EQ(390U, standin_.host.count());
  EXPECT_EQ("60", value("select count(*) from ai_response_queue where status = 'processing'"))
      << "rows of the older service";
}

TEST_F(MigrateHost, WaitsForItsLockWithoutMakingOthersWaitForLong) {
  populate("host_schema_contract.sql");
  PostgresConnection reader(database().url());
  reader.run("begin; select count(*) from ai_response_queue");
  OldService service(database().url());
  Process process({.arguments = {"migrate", "--database", database().url()}});
  const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
  while (value("select count(*) from pg_locks where not granted") == "0" &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }

  EXPECT_TRUE(service.wait_for_rounds(20)) << "writers get through while it waits";
  reader.run("commit");

  const Exit exit = process.wait();
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ("", service.stop());
  EXPECT_LT(service.longest_statement(), std::chrono::seconds{5});
}

TEST_F(MigrateHost, RebuildsIndexesThatABrokenOffBuildLeftInvalid) {
  populate("host_schema_contract.sql");
  ASSERT_EQ(0, migrate(database().url()).status);
  database().execute(
      "update pg_index set indisvalid = false from pg_class c"
      " where c.oid = indexrelid and c.relname like 'autoreply_queue_%'");
  ASSERT_NE("0", value(kInvalidIndexes));

  const Exit exit = migrate(database().url());

  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ("0", value(kInvalidIndexes));
  EXPECT_THAT(exit.out, HasSubstr("autoreply_queue_turn"));
}

TEST_F(MigrateHost, WorksOnTheLiteralTypesOfTheRequirement) {
  populate("host_schema_literal.sql");
  // Sessions there are not in UTC, but a TIMESTAMP without a time zone always means UTC.
  database().execute(fmt::format("alter database \"{}\" set timezone to 'America/New_York'",
                                 value("select current_database()")));
  ASSERT_EQ(0, migrate(database().url()).status);
  EXPECT_EQ("0",
            value("select count(*) from ai_response_queue where status = 'pending'"
                  " and next_attempt_at <> created_at at time zone 'utc'"));

  const Exit exit = run_on(database().url(), standin_);

  EXPECT_EQ(0, exit.status) << exit.err << exit.out;
  EXPECT_EQ(20, parse_json(exit.out)["completed"]);
  EXPECT_EQ(
      "20",
      value("select count(*) from ai_response_queue where status = 'complete' and attempts = 1"
            " and processed_at between (now() at time zone 'utc') - interval '5 minutes'"
            " and (now() at time zone 'utc')"));
  EXPECT_EQ(
      "20",
      value("select count(*) from ai_response_logs where created_at between"
            " (now() at time zone 'utc') - interval '5 minutes' and (now() at time zone 'utc')"));
  EXPECT_EQ("6", value("select count(*) from ai_response_queue where status = 'processing'"));
}

}  // namespace
}  // namespace autoreply::test

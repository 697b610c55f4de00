// The queue may be in any schema or behind views. Our tables are in the same schema.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "run/breaker_reports.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

/// Roles and databases may search other schemas first; the queue stays in its own.
class OtherSchemas : public testing::Test {
 protected:
  void SetUp() override {
    database_ = make_test_database(DatabaseKind::postgres);
    if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
    make_minimal_host_tables(*database_);
    database_->execute("create schema app");
    search("app, public");
  }

  void search(const std::string& path) {
    database_->execute(fmt::format("alter database \"{}\" set search_path = {}",
                                   database_->value("select current_database()"),
                                   path));
  }

  std::string schemas_of_ours() {
    return database_->value(
        "select string_agg(distinct schemaname, ' ') from pg_tables where tablename like "
        "'autoreply%'");
  }

  std::unique_ptr<JobStore> ready_store(const TableNames& tables = {}) {
    DatabaseConfig config = config_of(*database_);
    config.tables = tables;
    auto opened = open_store(config);
    if (!opened) throw std::runtime_error(opened.error().message);
    const auto ready = (*opened)->check_ready();
    EXPECT_TRUE(ready) << ready.error().message;
    return std::move(*opened);
  }

  static ClaimRequest request() {
    ClaimRequest request = claim_request();
    request.callback = {"callback:1", "callback:1"};
    return request;
  }

  std::unique_ptr<TestDatabase> database_;
};

TEST_F(OtherSchemas, ShareOurTablesBesideTheQueue) {
  ASSERT_TRUE(migrate(config_of(*database_)));
  EXPECT_EQ("public", schemas_of_ours());
  EXPECT_TRUE(claim_from(*ready_store(), request()));
  search("public");
  EXPECT_TRUE(claim_from(*ready_store(), request()));
  search("app, public");
  const auto again = migrate(config_of(*database_));
  ASSERT_TRUE(again);
  EXPECT_THAT(*again, Contains(HasSubstr("nothing to do")));
}

TEST_F(OtherSchemas, AreNamedByTheOption) {
  database_->execute("alter table ai_response_queue set schema app");
  search("public");
  TableNames tables;
  tables.queue = "app.ai_response_queue";
  DatabaseConfig config = config_of(*database_);
  config.tables = tables;
  ASSERT_TRUE(migrate(config));
  EXPECT_EQ("app", schemas_of_ours());
  const auto store = ready_store(tables);
  EXPECT_TRUE(claim_from(*store, request()));
  const std::vector<BreakerReport> reports{
      {.peer = {"callback:1", "callback"}, .report = {.job = {random_uuid()}}}};
  EXPECT_TRUE(count_reports_in(*store, reports));
  EXPECT_TRUE(store->begin_run("{}", std::chrono::minutes(1)));
  EXPECT_TRUE(store->end_run({.summary_json = "{}"}));
  EXPECT_TRUE(store->write_holds({}, {}, true));
  EXPECT_TRUE(store->look().has_value());
}

TEST_F(OtherSchemas, ThatHoldTablesOfOursFromBeforeAreLeftAlone) {
  database_->execute(
      "create table app.autoreply_schema (version integer primary key, applied_at timestamptz not "
      "null default now()); insert into app.autoreply_schema values (3)");
  const std::string id = random_uuid();
  search("public");
  ASSERT_TRUE(migrate(config_of(*database_)));
  search("app, public");
  EXPECT_TRUE(claim_from(*ready_store(), request()));
}

TEST_F(OtherSchemas, ViewsOfTheQueueShareItsClaimLockAndOurTables) {
  ASSERT_TRUE(migrate(config_of(*database_)));
  database_->execute(
      "create view app.inner_view as select * from public.ai_response_queue;"
      "create view app.entries as select v.* from app.inner_view v where v.workspace_id is not "
      "null");
  TableNames tables;
  tables.queue = "app.entries";
  const auto store = ready_store(tables);
  const auto other = database_->another_session();
  other->execute(
      "begin; select pg_advisory_xact_lock(1635087471, "
      "cast('public.ai_response_queue'::regclass::oid::bigint % 2147483647 as int))");
  const auto blocked = claim_from(*store, request());
  ASSERT_FALSE(blocked);
  EXPECT_EQ(ErrorKind::busy, blocked.error().kind);
  other->execute("rollback");
  EXPECT_TRUE(claim_from(*store, request()));
}

}  // namespace
}  // namespace autoreply::test

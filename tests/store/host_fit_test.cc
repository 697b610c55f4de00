// Whether the program can work with the host's columns, types and rights, and with the place of its
// queue.

#include <stdexcept>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// A claim of a due job meets tables that do not fit.
class HostFit : public StoreTest {
 protected:
  std::string misfit() {
    const auto claim = claim_from(store(), claim_request());
    if (claim) return "";
    EXPECT_EQ(ErrorKind::misconfigured, claim.error().kind) << claim.error().message;
    EXPECT_EQ(std::string::npos, claim.error().message.find('\n'));
    EXPECT_EQ("0",
              database().value("select count(*) from ai_response_queue "
                               "where claim_token is not null or status <> 'pending'"));
    return claim.error().message;
  }
};
AUTOREPLY_ON_EVERY_DATABASE(HostFit);

TEST_P(HostFit, IsFoundBeforeTheFirstClaim) {
  host().job();
  EXPECT_TRUE(store().check_host());
  EXPECT_EQ("", misfit());
}

TEST_P(HostFit, IsNotAskedForByAnIdleClaim) {
  database().execute("alter table livechat_messages rename column body to text");
  EXPECT_TRUE(claim_from(store(), claim_request()));
}

TEST_P(HostFit, NeedsEveryColumnThatNothingCanStandInFor) {
  struct Missing {
    const char* table;
    const char* column;
  };
  const std::string job = host().job().id;
  for (const Missing& missing : {Missing{"livechat_messages", "body"},
                                 Missing{"contacts", "phone_number"},
                                 Missing{"workspace_ai_config", "workspace_id"},
                                 Missing{"ai_response_logs", "tokens_used"},
                                 Missing{"ai_response_queue", "message_id"},
                                 Missing{"ai_response_queue", "error"}}) {
    const auto store = open_another_store();
    const std::string rename =
        fmt::format("alter table {} rename column {} to ", missing.table, missing.column);
    database().execute(rename + "other");
    const auto claim = claim_from(*store, claim_request());
    ASSERT_FALSE(claim) << missing.column;
    EXPECT_EQ(ErrorKind::misconfigured, claim.error().kind);
    EXPECT_THAT(claim.error().message,
                HasSubstr(fmt::format("{} has no column {}", missing.table, missing.column)));
    database().execute(
        fmt::format("alter table {} rename column other to {}", missing.table, missing.column));
    EXPECT_EQ("0", column(job, "attempts"));
  }
}

TEST_P(HostFit, IsAskedForAgainAfterAStatementThatDoesNotFit) {
  const ClaimedJob claimed = claim_one(host().job().id);
  database().execute("alter table livechat_messages rename column body to text");
  const std::vector<StartRequest> starts{start_request(claimed)};
  const auto started = store().start(starts);
  ASSERT_FALSE(started);
  EXPECT_EQ(ErrorKind::misconfigured, started.error().kind);
  EXPECT_THAT(started.error().message, HasSubstr("livechat_messages has no column body"));
}

TEST_P(HostFit, NeedsADefaultForWhatNobodyFillsIn) {
  host().job();
  database().execute(
      database().is_postgres()
          ? "alter table ai_response_logs add channel text not null"
          : "drop table ai_response_logs; create table ai_response_logs (id text "
            "primary key, workspace_id, contact_id, message_id, provider, model, "
            "prompt, response, tokens_used, cost, created_at, channel text not null)");
  EXPECT_THAT(misfit(), HasSubstr("ai_response_logs.channel"));
}

TEST_P(HostFit, IsJudgedByMigrateBeforeItChangesAnything) {
  const auto fresh = make_test_database(GetParam());
  make_minimal_host_tables(*fresh);
  fresh->execute("alter table livechat_messages rename column body to text");
  fresh->execute("alter table contacts add shoe_size integer");
  const auto refused = migrate(config_of(*fresh));
  ASSERT_FALSE(refused);
  EXPECT_EQ(ErrorKind::misconfigured, refused.error().kind);
  EXPECT_THAT(refused.error().message, HasSubstr("livechat_messages has no column body"));
  fresh->execute("alter table livechat_messages rename column text to body");
  const auto migrated = migrate(config_of(*fresh));
  ASSERT_TRUE(migrated) << migrated.error().message;
  EXPECT_THAT(migrated->front(), HasSubstr("database "));
  EXPECT_THAT(*migrated, Contains("ignores columns of contacts: shoe_size"));
}

TEST(WriteAheadLog, IsNeeded) {
  DatabaseConfig config;
  config.url = "sqlite::memory:";
  const auto migrated = migrate(config);
  ASSERT_FALSE(migrated);
  EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind);
  EXPECT_THAT(migrated.error().message, HasSubstr("write-ahead log"));
}

class HostTypes : public HostFit {};
AUTOREPLY_ON_POSTGRES(HostTypes);

TEST_P(HostTypes, ThatCannotWorkAreNamed) {
  struct Misfit {
    const char* change;
    const char* finding;
  };
  for (const Misfit& misfit :
       {Misfit{"alter table contacts alter column phone_number type bigint using 1",
               "contacts.phone_number is bigint but must be text"},
        Misfit{"alter table contacts alter column id drop default, alter column id type text",
               "contacts.id is text but must be uuid"},
        Misfit{"alter table ai_response_logs alter column prompt type jsonb using '{}'",
               "ai_response_logs.prompt is jsonb but must be text"},
        Misfit{"alter table ai_response_queue alter column processed_at type text",
               "ai_response_queue.processed_at is text but must be timestamp"},
        Misfit{"alter table livechat_messages alter column direction type two using 'pending'",
               "livechat_messages.direction is two but must be an enum that also has the values "
               "inbound, outbound:"},
        Misfit{"create domain three as two; alter table livechat_messages alter column direction "
               "type three using 'pending'",
               "livechat_messages.direction is a domain over two but must be"},
        Misfit{"alter table ai_response_logs drop column cost; alter table ai_response_logs add "
               "cost numeric generated always as (1) stored",
               "ai_response_logs.cost is computed"}}) {
    const auto fresh = make_test_database(DatabaseKind::postgres);
    fresh->execute("create type two as enum ('pending', 'complete')");
    ASSERT_TRUE(migrate(config_of(*fresh)));
    fresh->execute(misfit.change);
    auto opened = open_store(config_of(*fresh));
    ASSERT_TRUE(opened);
    const auto fits = (*opened)->check_host();
    ASSERT_FALSE(fits) << misfit.change;
    EXPECT_EQ(ErrorKind::misconfigured, fits.error().kind);
    EXPECT_THAT(fits.error().message, HasSubstr(misfit.finding));
  }
}

class HostLimits : public HostFit {
 protected:
  /// What is found wrong after `change`; empty if nothing.
  static std::string found_after(const std::string& change) {
    const auto fresh = make_test_database(DatabaseKind::postgres);
    make_minimal_host_tables(*fresh);
    fresh->execute(change);
    const auto migrated = migrate(config_of(*fresh));
    if (migrated) return "";
    EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind) << migrated.error().message;
    EXPECT_EQ(std::string::npos, migrated.error().message.find('\n'));
    return migrated.error().message;
  }
};
AUTOREPLY_ON_POSTGRES(HostLimits);

TEST_P(HostLimits, ThatCannotHoldWhatIsWrittenAreNamedByMigrate) {
  const std::string queue = "alter table ai_response_queue ";
  const std::string check = queue + "add constraint known check ";
  const std::string no_error = "the check known on ai_response_queue.status does not allow error";
  for (const auto& [change, finding] :
       {std::pair{check + "(status in ('pending', 'processing', 'complete'))", no_error},
        std::pair{check + "(status in ('pending', 'processing', 'complete')) not valid", no_error},
        std::pair{check + "(status = 'pending' or status = 'processing' or status = 'complete')",
                  no_error},
        std::pair{queue + "alter column status type varchar(20);" + check +
                      "(status in ('pending', 'done'))",
                  std::string("does not allow processing, complete, error")},
        std::pair{"create domain short as text constraint known check (value in ('pending', "
                  "'processing', 'complete'));" +
                      queue + "alter column status drop default, alter column status type short",
                  no_error},
        std::pair{
            queue + "alter column status type varchar(9)",
            std::string("ai_response_queue.status holds at most 9 characters but must hold 10")},
        std::pair{queue + "alter column error type varchar(255)",
                  std::string(
                      "ai_response_queue.error holds at most 255 characters but must hold 500")}}) {
    EXPECT_THAT(found_after(change), HasSubstr(finding)) << change;
  }
}

TEST_P(HostLimits, ThatHoldItOrThatNobodyButTheDatabaseCanJudgeAreLeftAlone) {
  const std::string queue = "alter table ai_response_queue ";
  const std::string check = queue + "add constraint known check ";
  for (const std::string& change :
       {check + "(status in ('pending', 'processing', 'complete', 'error', 'held'))",
        check + "(status <> 'done')",
        check + "(not status = 'done')",
        check + "(status = 'pending' or length(status) > 2)",
        check + "(status = 'pending' or attempts is not null)",
        queue + "alter column status type varchar(10), alter column error type varchar(500)",
        std::string("alter table ai_response_logs alter column response type varchar(1600)")}) {
    EXPECT_EQ("", found_after(change)) << change;
  }
}

TEST_P(HostLimits, OfTheLogAreThoseOfTheRunsReplies) {
  host().job();
  database().execute(
      "create domain sms as varchar(160); create domain reply as sms;"
      "alter table ai_response_logs alter column response type reply using response::sms");
  EXPECT_EQ("", misfit()) << "no run has said how long its replies are";
  DatabaseConfig config = database_config();
  const auto fits = [&config](int reply_chars_max) {
    config.reply_chars_max = reply_chars_max;
    auto store = open_store(config);
    if (!store) throw std::runtime_error(store.error().message);
    return (*store)->check_host();
  };
  EXPECT_TRUE(fits(160));
  const Result<void> short_column = fits(161);
  ASSERT_FALSE(short_column);
  EXPECT_THAT(
      short_column.error().message,
      HasSubstr("ai_response_logs.response holds at most 160 characters but must hold 161"));
}

TEST_P(HostLimits, AreFoundBeforeTheFirstClaim) {
  host().job();
  database().execute(
      "alter table ai_response_queue add constraint known check (status in ('pending', 'done'))");
  EXPECT_THAT(misfit(), HasSubstr("the check known on ai_response_queue.status"));
}

/// The host's `status` is an enum with our words and one more.
class EnumStatus : public HostStoreTest {
 protected:
  void make_host_tables() override {
    make_minimal_host_tables(database());
    database().execute(
        "create type ai_status as enum ('pending', 'processing', 'complete', 'error', 'held');"
        "alter table ai_response_queue alter column status type ai_status using "
        "status::ai_status;"
        "alter table contacts add conversation_status text;"
        "alter table livechat_messages add status text, add msg_type text, add sender text;"
        "alter table workspace_ai_config add temperature numeric, add max_tokens integer, "
        "add api_key text, add base_url text, add enabled boolean, add updated_at timestamptz;");
  }
};
AUTOREPLY_ON_POSTGRES(EnumStatus);

TEST_P(EnumStatus, IsReadAndWrittenLikeText) {
  const HostJob older = host().job({.seconds_ago = 100});
  const HostJob answered = host().job({.contact_id = older.contact_id, .seconds_ago = 50});
  set(older.id, "next_attempt_at = " + database().instant(500));
  const ClaimedJob claimed = claim_one(answered.id);
  ASSERT_TRUE(start(claimed));
  const std::vector<HeldJob> held{{claimed.job.id, claimed.token}};
  EXPECT_THAT(store().renew(held, std::chrono::seconds{60}).value(), ElementsAre(true));
  ASSERT_TRUE(record(claimed));
  Settlement settled = settlement(claimed, Outcome::completed);
  settled.answered = {older.message_id};
  EXPECT_TRUE(settle(settled));
  EXPECT_EQ("complete", column(answered.id, "status"));
  EXPECT_EQ("complete", column(older.id, "status"));
  for (const Outcome outcome : {Outcome::retried, Outcome::failed, Outcome::released}) {
    const ClaimedJob next = claim_one(host().job().id);
    EXPECT_TRUE(settle(settlement(next, outcome)));
  }
  EXPECT_TRUE(waiting_in(store(), claim_request()));
}

TEST(EnumStatusWithoutOurWords, IsRefusedByMigrate) {
  const auto database = make_test_database(DatabaseKind::postgres);
  if (!database) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
  make_minimal_host_tables(*database);
  database->execute(
      "create type ai_status as enum ('pending', 'processing', 'done');"
      "alter table ai_response_queue alter column status type ai_status using status::ai_status");
  const auto migrated = migrate(config_of(*database));
  ASSERT_FALSE(migrated);
  EXPECT_EQ(ErrorKind::misconfigured, migrated.error().kind);
  EXPECT_THAT(
      migrated.error().message,
      HasSubstr("ai_response_queue.status is ai_status but must be an enum that also has the "
                "values complete, error:"));
}

/// A separate role with only the rights that a run needs.
class HostRights : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    database().execute(fmt::format(
        "create role \"{0}\" login;"
        "grant select on ai_response_queue, ai_response_logs, livechat_messages, contacts, "
        "  workspace_ai_config, autoreply_schema to \"{0}\";"
        "grant update on ai_response_queue to \"{0}\";"
        "grant insert on ai_response_logs to \"{0}\";"
        "grant select, insert, update, delete on autoreply_runs, autoreply_breakers, "
        "autoreply_turns to \"{0}\";",
        role_));
  }

  void TearDown() override {
    if (IsSkipped()) return;
    database().execute(fmt::format("drop owned by \"{0}\"; drop role \"{0}\"", role_));
  }

  std::unique_ptr<JobStore> restricted() {
    DatabaseConfig config = database_config();
    const std::size_t user = config.url.find("://") + 3;
    config.url.replace(user, config.url.find('@') - user, role_);
    auto opened = open_store(config);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

  const std::string role_ = "autoreply_" + random_uuid();
};
AUTOREPLY_ON_POSTGRES(HostRights);

TEST_P(HostRights, ThatAreMissingAreNamedAtTheClaim) {
  const std::string job = host().job().id;
  EXPECT_TRUE(restricted()->check_host());
  for (const auto& [right, table] : {std::pair{"select", "contacts"},
                                     std::pair{"select", "livechat_messages"},
                                     std::pair{"select", "workspace_ai_config"},
                                     std::pair{"select", "ai_response_queue"},
                                     std::pair{"update", "ai_response_queue"},
                                     std::pair{"insert", "ai_response_logs"},
                                     std::pair{"select", "ai_response_logs"},
                                     std::pair{"update", "autoreply_breakers"}}) {
    database().execute(fmt::format("revoke {} on {} from \"{}\"", right, table, role_));
    const auto claim = claim_from(*restricted(), claim_request());
    ASSERT_FALSE(claim) << right << " on " << table;
    EXPECT_EQ(ErrorKind::misconfigured, claim.error().kind) << claim.error().message;
    EXPECT_THAT(claim.error().message, AllOf(HasSubstr(table), HasSubstr(role_)));
    EXPECT_EQ("pending", column(job, "status"));
    database().execute(fmt::format("grant {} on {} to \"{}\"", right, table, role_));
  }
}

TEST_P(HostRights, ToOurOwnVersionAreToldBeforeItIsRead) {
  EXPECT_TRUE(restricted()->check_ready());
  database().execute(fmt::format("revoke select on autoreply_schema from \"{}\"", role_));
  const auto ready = restricted()->check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message,
              HasSubstr(fmt::format("GRANT SELECT ON autoreply_schema TO \"{}\"", role_)));
}

TEST_P(HostRights, MayBeGivenByColumn) {
  host().job();
  database().execute(fmt::format(
      "revoke update on ai_response_queue from \"{0}\"; revoke insert on ai_response_logs from "
      "\"{0}\";"
      "grant update (status, attempts, processed_at, error, next_attempt_at, claim_token, "
      "  claimed_at, started_at, lease_until, ai_log_id, sends, sent_at, outcome) "
      "  on ai_response_queue to \"{0}\";"
      "grant insert (id, workspace_id, contact_id, message_id, provider, model, prompt, response, "
      "  tokens_used, cost, created_at) on ai_response_logs to \"{0}\"",
      role_));
  const auto claim = claim_from(*restricted(), claim_request());
  ASSERT_TRUE(claim) << claim.error().message;
  EXPECT_EQ(1U, claim->jobs.size());
}

TEST_P(HostRights, DoNotReachThroughAViewThatPassesRowSecurityOn) {
  if (std::stoi(database().value("show server_version_num")) < 150'000) GTEST_SKIP();
  database().execute(fmt::format(
      "alter table contacts rename to people; alter table people enable row level security;"
      "create policy all_rows on people using (true);"
      "create view contacts with (security_invoker = on) as select * from people;"
      "grant select on contacts to \"{}\"",
      role_));
  const auto ready = restricted()->check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message, AllOf(HasSubstr("contacts"), HasSubstr("row security")));
  database().execute("alter view contacts set (security_invoker = off)");
  EXPECT_TRUE(restricted()->check_ready());
}

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
  EXPECT_TRUE(report_to(*store, reports));
  EXPECT_TRUE(store->write_run(
      {.run_id = random_uuid(), .version = "1", .host = "here", .summary_json = "{}"}));
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

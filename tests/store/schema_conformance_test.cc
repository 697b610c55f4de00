#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "store/schema.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class PreviewJobs : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(PreviewJobs);

TEST_P(PreviewJobs, ShowsWhatAClaimAndAStartWouldSee) {
  const HostJob later = host().job({.seconds_ago = 20}, "later");
  const HostJob first = host().job({.seconds_ago = 30}, "first");
  const auto previews = preview_of(store(), claim_request());
  ASSERT_TRUE(previews) << previews.error().message;
  ASSERT_EQ(2U, previews->size());
  EXPECT_EQ(first.id, previews->at(0).claimed.job.id.value);
  EXPECT_EQ("first", previews->at(0).context.original->body);
  EXPECT_EQ(1, previews->at(0).claimed.attempt);
  EXPECT_EQ(later.id, previews->at(1).claimed.job.id.value);
  EXPECT_TRUE(previews->at(1).context.config);
}

TEST_P(PreviewJobs, WritesNothing) {
  const HostJob job = host().job();
  const auto before = row(job.id);
  ASSERT_TRUE(preview_of(store(), claim_request()));
  EXPECT_EQ(before, row(job.id));
  EXPECT_EQ(1U, claim().size());
}

class CheckReady : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(CheckReady);

TEST_P(CheckReady, PassesAfterMigrate) {
  const auto ready = store().check_ready();
  EXPECT_TRUE(ready) << ready.error().message;
}

TEST_P(CheckReady, IsMisconfiguredBeforeMigrate) {
  const auto empty = make_test_database(GetParam());
  const auto opened = open_store(config_of(*empty));
  ASSERT_TRUE(opened) << opened.error().message;
  const auto ready = (*opened)->check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message, HasSubstr("autoreply migrate"));
}

TEST_P(CheckReady, IsMisconfiguredForANewerSchema) {
  database().execute("insert into autoreply_schema (version) values (999)");
  const auto ready = store().check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message, HasSubstr("999"));
}

TEST_P(CheckReady, PassesOnALaterRevisionOfTheSameVersion) {
  database().execute(
      fmt::format("update autoreply_schema set revision = {}", kSchema.revision + 1));
  EXPECT_TRUE(store().check_ready());
}

TEST_P(CheckReady, NamesTheTableThatIsMissing) {
  database().execute("drop table contacts");
  const auto ready = store().check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message, HasSubstr("contacts"));
  EXPECT_THAT(ready.error().message, HasSubstr("--contact-table"));
}

class Migrate : public StoreTest {
 protected:
  bool has_index(const std::string& name) {
    const char* const catalog =
        database().is_postgres() ? "pg_indexes where indexname" : "sqlite_master where name";
    return database().value(fmt::format("select count(*) from {} = '{}'", catalog, name)) == "1";
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Migrate);

TEST_P(Migrate, ChangesNothingTheSecondTime) {
  const HostJob job = host().job({.next_attempt_in = 300});
  const auto before = row(job.id);
  const auto again = migrate(database_config());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(before, row(job.id));
}

TEST_P(Migrate, LetsTheHostInsertWithoutKnowingOurColumns) {
  const auto id = random_uuid();
  database().execute(
      "insert into ai_response_queue (id, workspace_id, contact_id, message_id, "
      "status) values (" +
      sql_literal(id) + ", 'ws-1', " + sql_literal(random_uuid()) + ", " +
      sql_literal(random_uuid()) + ", 'pending')");
  EXPECT_EQ(std::vector{id}, ids(claim()));
}

TEST_P(Migrate, LeavesALaterRevisionAsItIs) {
  database().execute(fmt::format(
      "update autoreply_schema set revision = {}; drop index autoreply_queue_with_reply",
      kSchema.revision + 1));
  const auto lines = migrate(database_config());
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_THAT(*lines, Contains(HasSubstr("nothing to do")));
  EXPECT_EQ(std::to_string(kSchema.revision + 1),
            database().value("select revision from autoreply_schema"));
  EXPECT_FALSE(has_index("autoreply_queue_with_reply"));
}

class OldHost : public HostStoreTest {
 protected:
  void make_host_tables() override {
    make_minimal_host_tables(database());
    for (const auto& [id, seconds_ago] : {std::pair{newer_, 100}, std::pair{older_, 200}}) {
      database().execute(fmt::format(
          "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
          "created_at) values ('{}', 'ws-1', '{}', '{}', 'pending', {})",
          id,
          random_uuid(),
          random_uuid(),
          database().instant(-seconds_ago)));
    }
  }

  const std::string newer_ = random_uuid();
  const std::string older_ = random_uuid();
};
AUTOREPLY_ON_EVERY_DATABASE(OldHost);

TEST_P(OldHost, HasItsPendingRowsDueSinceTheyWereCreated) {
  EXPECT_EQ(0,
            std::stod(column(older_, database().seconds_between("created_at", "next_attempt_at"))));
  EXPECT_NEAR(-200, seconds_until(older_, "next_attempt_at"), 30);
  EXPECT_EQ((std::vector{older_, newer_}), ids(claim()));
}

TEST_P(OldHost, MayHaveNoAttempts) {
  const ClaimedJob job = claim_one(older_);
  EXPECT_EQ(1, job.attempt);
  EXPECT_EQ(0, job.attempts_before);
  EXPECT_EQ("1", column(older_, "attempts"));
}

TEST_P(OldHost, MayLackColumnsThatADefaultCanStandInFor) {
  database().execute("insert into workspace_ai_config values ('ws-1', 'openai', 'm', 'p')");
  database().execute(fmt::format("insert into contacts values ('{}', 'ws-1', '+15550100001')",
                                 column(older_, "contact_id")));
  database().execute(fmt::format(
      "insert into livechat_messages values ('{}', 'ws-1', '{}', 'inbound', 'hello', {})",
      column(older_, "message_id"),
      column(older_, "contact_id"),
      database().instant(-200)));
  const JobContext context = context_of(older_);
  ASSERT_TRUE(context.config);
  EXPECT_TRUE(context.config->enabled);
  EXPECT_EQ("m", context.config->model);
  ASSERT_TRUE(context.contact);
  EXPECT_EQ("", context.contact->conversation_status);
  ASSERT_TRUE(context.original);
  EXPECT_TRUE(context.original->is_text);
}

/// A database with schema version 1.
class FirstSchema : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    database().execute("drop table autoreply_breakers; delete from autoreply_schema");
    database().execute("insert into autoreply_schema (version) values (1)");
  }
};
AUTOREPLY_ON_EVERY_DATABASE(FirstSchema);

TEST_P(FirstSchema, IsRefusedByARunUntilItIsMigrated) {
  const auto before = store().check_ready();
  ASSERT_FALSE(before);
  EXPECT_EQ(ErrorKind::misconfigured, before.error().kind);
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_TRUE(store().check_ready());
  EXPECT_EQ("0", database().value("select count(*) from autoreply_breakers"));
}

TEST_P(FirstSchema, IsMigratedWithoutMakingWaitingJobsDue) {
  const auto waiting = host().job({.seconds_ago = 600, .next_attempt_in = 300});
  const auto before = row(waiting.id);
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_EQ(before, row(waiting.id));
}

/// A database with schema version 2.
class SecondSchema : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    database().execute("drop table autoreply_turns; delete from autoreply_schema");
    database().execute("insert into autoreply_schema (version) values (2)");
    for (const char* column : {"blocked_until", "in_flight_max", "successes"}) {
      database().execute(fmt::format("alter table autoreply_breakers drop column {}", column));
    }
    for (const char* index :
         {"turn", "waiting", "with_reply", "claimed", "workspace_claimed", "contact_claimed"}) {
      database().execute(fmt::format("drop index autoreply_queue_{}", index));
    }
    database().execute(
        "create index autoreply_queue_due on ai_response_queue (next_attempt_at) where status = "
        "'pending'");
    database().execute("insert into autoreply_breakers (name, label) values ('callback:1', 'x')");
  }

  std::string indexes() {
    return database().value(
        database().is_postgres()
            ? "select string_agg(indexname, ' ' order by indexname) from pg_indexes"
              " where indexname like 'autoreply_queue_%'"
            : "select group_concat(name, ' ') from (select name from sqlite_master"
              " where type = 'index' and name like 'autoreply_queue_%' order by name)");
  }
};
AUTOREPLY_ON_EVERY_DATABASE(SecondSchema);

TEST_P(SecondSchema, GetsTheIndexesOfFairClaimsInPlaceOfTheOld) {
  ASSERT_FALSE(store().check_ready());
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_EQ(
      "autoreply_queue_claimed autoreply_queue_contact autoreply_queue_contact_claimed "
      "autoreply_queue_in_flight autoreply_queue_turn autoreply_queue_waiting "
      "autoreply_queue_with_reply autoreply_queue_workspace_claimed",
      indexes());
  const auto job = host().job();
  const auto another = open_another_store();
  EXPECT_TRUE(another->check_ready());
  ClaimRequest request = claim_request();
  request.callback = {"callback:1", "callback"};
  const auto claim = claim_from(*another, request);
  ASSERT_TRUE(claim) << claim.error().message;
  EXPECT_EQ(job.id, ids(claim->jobs).at(0));
}

/// A database as programs of before the first revision left it.
class Unrevised : public Migrate {
 protected:
  void SetUp() override {
    Migrate::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    database().execute(
        "alter table autoreply_schema drop column revision;"
        "drop index autoreply_queue_with_reply;"
        "alter table ai_response_queue drop column settled_token;"
        "alter table ai_response_queue drop column may_have_reply;"
        "create index autoreply_queue_recorded on ai_response_queue (next_attempt_at)"
        " where status = 'pending' and ai_log_id is not null");
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Unrevised);

TEST_P(Unrevised, IsRefusedByARunUntilItIsMigrated) {
  EXPECT_EQ(Idleness::busy, store().look().value_or(Idleness::busy));
  const auto ready = store().check_ready();
  ASSERT_FALSE(ready);
  EXPECT_THAT(ready.error().message, HasSubstr(fmt::format("version {}.0, but", kSchema.version)));
  EXPECT_THAT(ready.error().message, HasSubstr("autoreply migrate"));
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_TRUE(store().check_ready());
}

TEST_P(Unrevised, StaysFitForItsOwnProgramsWhenItIsMigrated) {
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_EQ(std::to_string(kSchema.version),
            database().value("select max(version) from autoreply_schema"));
  // Their inserts and settlements do not name the new columns.
  const HostJob job = host().job({.status = "processing", .claim_token = random_uuid()});
  set(job.id, "status = 'complete', claim_token = null");
  EXPECT_EQ("complete", column(job.id, "status"));
}

TEST_P(Unrevised, GetsWhatItsProgramsDidNotWriteByTheNextMigration) {
  ASSERT_TRUE(migrate(database_config()));
  const HostJob recorded = host().job();
  set(recorded.id, fmt::format("ai_log_id = '{}'", random_uuid()));
  const HostJob in_flight = host().job({.status = "processing", .claim_token = random_uuid()});
  host().job();
  ASSERT_TRUE(migrate(database_config()));
  for (const std::string& id : {recorded.id, in_flight.id}) {
    EXPECT_EQ(
        "1",
        database().value(fmt::format(
            "select count(*) from ai_response_queue where may_have_reply and id = '{}'", id)));
  }
  EXPECT_EQ("2", database().value("select count(*) from ai_response_queue where may_have_reply"));
}

TEST_P(Unrevised, KeepsItsRecordedRepliesClaimableDuringAnOutage) {
  const HostJob recorded = host().job();
  host().job();
  set(recorded.id, fmt::format("ai_log_id = '{}'", random_uuid()));
  ASSERT_TRUE(migrate(database_config()));
  EXPECT_FALSE(has_index("autoreply_queue_recorded"));
  std::vector<Candidates> found;
  const std::vector<Ask> asks{
      {.workspace_id = "ws-1", .jobs = 5, .replies = Ask::Replies::recorded}};
  ASSERT_TRUE(open_another_store()->read_claims(
      [&](ClaimStatements& statements) { found = statements.candidates(asks, {}); }));
  ASSERT_EQ(1U, found.size());
  ASSERT_EQ(1U, found.front().jobs.size());
  EXPECT_EQ(recorded.id, found.front().jobs.front().id);
}

}  // namespace
}  // namespace autoreply::test

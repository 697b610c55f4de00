// What only PostgreSQL hosts have: times without a zone, partitions, roles, broken connections.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "run/breaker_reports.h"
#include "store/restricted_role_fixture.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Makes sessions of this database begin in New York's time zone, four or five hours behind UTC.
void move_to_new_york(TestDatabase& database) {
  database.execute(fmt::format("alter database \"{}\" set timezone = 'America/New_York'",
                               database.value("select current_database()")));
}

class TimesWithoutZone : public HostStoreTest {
 protected:
  void make_host_tables() override {
    move_to_new_york(database());
    make_minimal_host_tables(database(), "timestamp");
    database().execute(
        "alter table livechat_messages add sender text, add status text, add msg_type text;"
        "alter table contacts add conversation_status text;"
        "alter table workspace_ai_config add temperature numeric, add max_tokens integer, "
        "add api_key text, add base_url text, add enabled boolean, add updated_at timestamp;");
    database().execute(
        fmt::format("insert into ai_response_queue (id, contact_id, status, created_at) values "
                    "('{}', '{}', 'pending', {})",
                    earlier_,
                    random_uuid(),
                    database().instant(-1'000)));
  }

  const std::string earlier_ = random_uuid();
};
AUTOREPLY_ON_POSTGRES(TimesWithoutZone);

TEST_P(TimesWithoutZone, AreUtcForTheMigration) {
  EXPECT_NEAR(-1'000, seconds_until(earlier_, "next_attempt_at"), 30);
}

TEST_P(TimesWithoutZone, AreUtcForTheAge) {
  const HostJob job = host().job({.seconds_ago = 100});
  const auto age = context_of(job.id).age;
  EXPECT_GE(age, std::chrono::seconds{100});
  EXPECT_LT(age, std::chrono::seconds{160});
}

TEST_P(TimesWithoutZone, AreUtcForWhatIsWritten) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  ASSERT_TRUE(record(claimed));
  ASSERT_TRUE(settle(settlement(claimed, Outcome::completed)));
  EXPECT_NEAR(0, seconds_until(job.id, "processed_at"), 30);
  EXPECT_NEAR(0,
              std::stod(database().value(
                  "select " + database().seconds_between(database().instant(0), "created_at") +
                  " from ai_response_logs")),
              30);
}

TEST_P(TimesWithoutZone, AreUtcForTheFilter) {
  set(earlier_, "created_at = '2026-11-01 12:00:00'");
  ClaimRequest request = claim_request();
  request.filter.created_since = "2026-11-01T12:00:00Z";
  request.filter.created_before = "2026-11-01T08:00:01-04:00";
  EXPECT_THAT(ids(claim(request)), ElementsAre(earlier_));
}

TEST_P(TimesWithoutZone, AreUtcForTheConversation) {
  const HostJob job = host().job({.seconds_ago = 100});
  host().message({.contact_id = job.contact_id, .body = "before", .seconds_ago = 110});
  host().message({.contact_id = job.contact_id, .body = "STOP", .seconds_ago = 120});
  const JobContext context = context_of(job.id);
  ASSERT_TRUE(context.original);
  ASSERT_EQ(2U, context.history.size());
  EXPECT_EQ("before", context.history[1].body);
  EXPECT_FALSE(context.others_answer_after);
}

TEST_P(TimesWithoutZone, AreUtcForAReplyThatWasSuperseded) {
  const HostJob job = host().job({.seconds_ago = 100});
  const ClaimedJob claimed = claim_one(job.id);
  ASSERT_TRUE(record(claimed));
  host().queue(
      {.contact_id = job.contact_id, .status = "complete", .seconds_ago = 50, .processed_in = -30});
  EXPECT_FALSE(start(claimed)->superseded);
  database().execute("update ai_response_logs set created_at = created_at - interval '1 minute'");
  EXPECT_TRUE(start(claimed)->superseded);
}

class PartitionedMessages : public HostStoreTest {
 protected:
  void make_host_tables() override {
    make_minimal_host_tables(database());
    database().execute(
        "drop table livechat_messages;"
        "create table livechat_messages (id uuid not null, workspace_id text, contact_id uuid, "
        "  sender text, direction text, body text, status text, msg_type text, "
        "  created_at timestamptz not null, primary key (id, created_at)) "
        "  partition by range (created_at);"
        "do $$ begin for month in -3..1 loop execute format("
        "  'create table messages_%s partition of livechat_messages for values from (%L) to (%L)', "
        "  month + 3, date_trunc('month', now()) + month * interval '1 month', "
        "  date_trunc('month', now()) + (month + 1) * interval '1 month'); end loop; end $$;"
        "create index on livechat_messages (contact_id, workspace_id, created_at desc);"
        "alter table contacts add conversation_status text;"
        "alter table workspace_ai_config add temperature numeric, add max_tokens integer, "
        "add api_key text, add base_url text,   add enabled boolean, add updated_at timestamptz;");
    indexes_before_ = indexes();
  }

  std::string indexes() {
    return database().value(
        "select string_agg(indexname, ' ' order by indexname) from pg_indexes "
        "where tablename like '%messages%'");
  }

  std::string indexes_before_;
};
AUTOREPLY_ON_POSTGRES(PartitionedMessages);

TEST_P(PartitionedMessages, GetNoIndexFromUs) {
  EXPECT_EQ(indexes_before_, indexes());
}

TEST_P(PartitionedMessages, MakeAConversationAcrossMonths) {
  constexpr int kMonthSeconds = 31 * 86'400;
  const HostJob job = host().job();
  host().message({.contact_id = job.contact_id, .body = "long ago", .seconds_ago = kMonthSeconds});
  const JobContext context = context_of(job.id);
  ASSERT_TRUE(context.original);
  ASSERT_EQ(1U, context.history.size());
  EXPECT_EQ("long ago", context.history[0].body);
}

TEST_P(PartitionedMessages, HoldAnOriginalOfAnEarlierMonth) {
  const HostJob job = host().job();
  database().execute("update livechat_messages set created_at = created_at - interval '1 month'");
  const auto original = context_of(job.id).original;
  ASSERT_TRUE(original);
  EXPECT_EQ("When do you open?", original->body);
}

/// A queue whose trigger undoes every update of a migration.
class StubbornQueue : public StoreTest {};
AUTOREPLY_ON_POSTGRES(StubbornQueue);

TEST_P(StubbornQueue, DoesNotKeepAMigrationBusyForEver) {
  const HostJob job = host().job();
  set(job.id, fmt::format("ai_log_id = '{}'", random_uuid()));
  database().execute(
      "create function keep_it() returns trigger language plpgsql as 'begin return old; end';"
      "create trigger keep_it before update on ai_response_queue for each row execute function "
      "keep_it()");
  EXPECT_TRUE(migrate(database_config()));
}

class LeastPrivileges : public RestrictedRole {
 protected:
  void SetUp() override {
    RestrictedRole::SetUp();
    if (!IsSkipped() && !HasFatalFailure()) restricted_ = restricted();
  }

  void TearDown() override {
    restricted_.reset();
    RestrictedRole::TearDown();
  }

  std::unique_ptr<JobStore> restricted_;
};
AUTOREPLY_ON_POSTGRES(LeastPrivileges);

TEST_P(LeastPrivileges, SufficeForAJob) {
  const HostJob job = host().job();
  const auto ready = restricted_->check_ready();
  ASSERT_TRUE(ready) << ready.error().message;
  const std::vector<BreakerReport> reports{{{"callback:1", "callback"}, {{job.id}}}};
  ASSERT_TRUE(count_reports_in(*restricted_, reports));
  ClaimRequest request = claim_request();
  request.callback = {"callback:1", "callback"};
  const auto claim = claim_from(*restricted_, request);
  ASSERT_TRUE(claim) << claim.error().message;
  const std::vector<ClaimedJob>& jobs = claim->jobs;
  ASSERT_THAT(ids(jobs), ElementsAre(job.id));
  const std::vector<StartRequest> requests{start_request(jobs.at(0))};
  const auto contexts = restricted_->start(requests);
  ASSERT_TRUE(contexts) << contexts.error().message;
  const std::vector<RecordRequest> records{record_request(jobs.at(0), "text")};
  const std::vector<Settlement> settlements{settlement(jobs.at(0), Outcome::completed)};
  const auto written = restricted_->write(records, settlements);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_TRUE(written->settled.at(0));
  ASSERT_TRUE(restricted_->begin_run("{}", std::chrono::minutes(1)));
  ASSERT_TRUE(restricted_->end_run({.summary_json = "{}"}));
  const std::vector<Hold> holds{{.reason = WaitsFor::limit, .detail = "100 jobs a minute"}};
  EXPECT_TRUE(restricted_->write_holds(holds, {}, true));
  EXPECT_TRUE(restricted_->look());
}

TEST_P(LeastPrivileges, DoNotSufficeWhereRowSecurityHidesRows) {
  database().execute("alter table contacts enable row level security");
  const auto ready = restricted_->check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message, HasSubstr("contacts"));
  EXPECT_THAT(ready.error().message, HasSubstr("row security"));
}

class Connection : public StoreTest {};
AUTOREPLY_ON_POSTGRES(Connection);

TEST_P(Connection, ComesBackAfterItWasLost) {
  const HostJob job = host().job();
  database().execute(
      "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
      "where datname = current_database() and pid <> pg_backend_pid()");
  EXPECT_THAT(ids(claim()), ElementsAre(job.id));
}

TEST_P(Connection, ToNobodyIsUnavailable) {
  DatabaseConfig config = database_config();
  config.url = "postgresql://postgres@127.0.0.1:1/postgres";
  config.wait = std::chrono::milliseconds{0};
  const auto opened = open_store(config);
  ASSERT_FALSE(opened);
  EXPECT_EQ(ErrorKind::unavailable, opened.error().kind);
}

TEST_P(Connection, WithTextsThatPostgresCannotHoldIsRefused) {
  const HostJob job = host().job();
  const ClaimedJob claimed = claim_one(job.id);
  const std::vector<RecordRequest> records{
      record_request(claimed, std::string("zero \0 byte", 11))};
  const auto written = store().write(records, {});
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::refused, written.error().kind) << written.error().message;
}

TEST_P(Connection, IsBusyWhereTheTurnToClaimDoesNotCome) {
  database().execute(
      "begin; select pg_advisory_xact_lock(1635087471, "
      "cast('ai_response_queue'::regclass::oid::bigint % 2147483647 as int))");
  const auto jobs = claim_from(store(), claim_request());
  database().execute("rollback");
  ASSERT_FALSE(jobs);
  EXPECT_EQ(ErrorKind::busy, jobs.error().kind) << jobs.error().message;
  EXPECT_TRUE(claim_from(store(), claim_request()));
}

TEST_P(Connection, PrintsNoNoticesOfTheHostsTriggers) {
  database().execute(
      "create function tell() returns trigger language plpgsql as "
      "$$ begin raise notice 'body of a message'; return new; end $$;"
      "create trigger tell before update on ai_response_queue for each row execute function "
      "tell()");
  host().job();
  testing::internal::CaptureStderr();
  claim();
  EXPECT_EQ("", testing::internal::GetCapturedStderr());
}

}  // namespace
}  // namespace autoreply::test

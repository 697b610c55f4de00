#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;

class PreviewJobs : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(PreviewJobs);

TEST_P(PreviewJobs, ShowsWhatAClaimAndAStartWouldSee) {
  const HostJob later = host().job({.seconds_ago = 20}, "later");
  const HostJob first = host().job({.seconds_ago = 30}, "first");
  const auto previews = store().preview(claim_request());
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
  ASSERT_TRUE(store().preview(claim_request()));
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

TEST_P(CheckReady, NamesTheTableThatIsMissing) {
  database().execute("drop table contacts");
  const auto ready = store().check_ready();
  ASSERT_FALSE(ready);
  EXPECT_EQ(ErrorKind::misconfigured, ready.error().kind);
  EXPECT_THAT(ready.error().message, HasSubstr("contacts"));
  EXPECT_THAT(ready.error().message, HasSubstr("--contact-table"));
}

class Migrate : public StoreTest {};
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
  database().execute("insert into ai_response_queue (id, workspace_id, contact_id, message_id, "
                     "status) values (" +
                     sql_literal(id) + ", 'ws-1', " + sql_literal(random_uuid()) + ", " +
                     sql_literal(random_uuid()) + ", 'pending')");
  EXPECT_EQ(std::vector{id}, ids(claim()));
}

TEST_P(Migrate, MakesPendingRowsDueSinceTheyWereCreated) {
  const auto old_host = make_test_database(GetParam());
  const bool postgres = old_host->is_postgres();
  const std::string id_type = postgres ? "uuid" : "text";
  const std::string time_type = postgres ? "timestamptz" : "text";
  old_host->execute("create table ai_response_queue (id " + id_type +
                    " primary key, workspace_id text, contact_id " + id_type + ", message_id " +
                    id_type + ", status text, created_at " + time_type + ", processed_at " +
                    time_type + ", error text, attempts integer)");
  old_host->execute("create table ai_response_logs (id " + id_type +
                    " primary key, workspace_id text, contact_id " + id_type + ", message_id " +
                    id_type + ", provider text, model text, prompt text, response text, "
                              "tokens_used integer, cost numeric, created_at " +
                    time_type + ")");
  old_host->execute("create table livechat_messages (id " + id_type +
                    ", workspace_id text, contact_id " + id_type +
                    ", direction text, body text, created_at " + time_type + ")");
  old_host->execute("create table contacts (id " + id_type +
                    " primary key, workspace_id text, phone_number text)");
  old_host->execute("create table workspace_ai_config (workspace_id text, provider text, "
                    "model text, system_prompt text)");
  const auto insert = [&](const std::string& id, int seconds_ago) {
    old_host->execute("insert into ai_response_queue values ('" + id + "', 'ws-1', '" +
                      random_uuid() + "', '" + random_uuid() + "', 'pending', " +
                      old_host->instant(-seconds_ago) + ", null, null, null)");
  };
  const auto newer = random_uuid();
  const auto older = random_uuid();
  insert(newer, 100);
  insert(older, 200);

  const DatabaseConfig config = config_of(*old_host);
  const auto migrated = migrate(config);
  ASSERT_TRUE(migrated) << migrated.error().message;
  EXPECT_EQ("0", old_host->value("select count(*) from ai_response_queue where " +
                                 old_host->seconds_between("created_at", "next_attempt_at") +
                                 " <> 0"));
  const auto opened = open_store(config);
  ASSERT_TRUE(opened) << opened.error().message;
  const auto jobs = (*opened)->claim(claim_request());
  ASSERT_TRUE(jobs) << jobs.error().message;
  ASSERT_EQ((std::vector{older, newer}), ids(*jobs));

  // A host that lacks the columns a default can stand in for.
  old_host->execute("insert into workspace_ai_config values ('ws-1', 'openai', 'm', 'p')");
  std::vector<StartRequest> requests;
  for (const ClaimedJob& job : *jobs) requests.push_back({.held = {job.job.id, job.token}});
  const auto contexts = (*opened)->start(requests);
  ASSERT_TRUE(contexts) << contexts.error().message;
  ASSERT_TRUE(contexts->at(0));
  ASSERT_TRUE(contexts->at(0)->config);
  EXPECT_TRUE(contexts->at(0)->config->enabled);
}

class WriteRun : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(WriteRun);

TEST_P(WriteRun, KeepsOneRowARun) {
  const RunRow row{.run_id = random_uuid(),
                   .version = "0.1.0",
                   .host = "it's a host",
                   .duration_ms = 1'234,
                   .exit_status = 75,
                   .summary_json = R"({"claimed": 1})"};
  ASSERT_TRUE(store().write_run(row));
  ASSERT_TRUE(store().write_run(row));
  EXPECT_EQ("1", database().value("select count(*) from autoreply_runs"));
  EXPECT_EQ("it's a host", database().value("select host from autoreply_runs"));
  EXPECT_EQ("1234", database().value("select duration_ms from autoreply_runs"));
  EXPECT_EQ("75", database().value("select exit_status from autoreply_runs"));
}

}  // namespace
}  // namespace autoreply::test

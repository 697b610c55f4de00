#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

/// A morning's backlog: 2,000 due jobs of 50 workspaces in the host's partitioned schema.
class Volume : public testing::Test {
 protected:
  static constexpr int kJobs = 2'000;

  void SetUp() override {
    database_ = make_test_database(DatabaseKind::postgres);
    if (!database_) GTEST_SKIP() << "AUTOREPLY_TEST_POSTGRES names no server";
    database_->execute(content_of_test_file("program/host_schema_contract.sql"));
    database_->execute(
        "truncate contacts, livechat_messages, workspace_ai_config, ai_response_queue,"
        " ai_response_logs");
    database_->execute(fmt::format(
        "insert into workspace_ai_config (workspace_id, provider, model, system_prompt, api_key, "
        "base_url)"
        " select 'ws' || n, 'openai', 'gpt-4o-mini', 'You answer for shop ' || n, '{}', '{}'"
        "   from generate_series(1, 50) n;"
        "insert into contacts (workspace_id, phone_number, name)"
        " select 'ws' || (n % 50 + 1), '+1555' || lpad(n::text, 7, '0'), 'Customer ' || n"
        "   from generate_series(1, {}) n;"
        "insert into livechat_messages (workspace_id, contact_id, direction, body, msg_type, "
        "created_at)"
        " select workspace_id, id, 'inbound', 'Question of ' || name, 'sms', now() - interval '5 "
        "minutes'"
        "   from contacts;"
        "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at)"
        " select workspace_id, contact_id, id, created_at from livechat_messages",
        kProviderKey,
        standin_.provider_url(),
        kJobs));
    ASSERT_EQ(0, run_to_end({.arguments = {"migrate", "--database", database_->url()}}).status);
  }

  nlohmann::json run(int expected_status) {
    const Exit exit = run_to_end({.arguments = {"run",
                                                "--database",
                                                database_->url(),
                                                "--callback-url",
                                                standin_.callback_url(),
                                                "--allow-host",
                                                "127.0.0.1",
                                                "--limit",
                                                "2000",
                                                "--concurrency",
                                                "32",
                                                "--log-level",
                                                "warn",
                                                "--output",
                                                "json"}});
    EXPECT_EQ(expected_status, exit.status) << exit.err;
    RecordProperty("peak_rss_kib", fmt::format("{}", exit.peak_rss_kib));
    RecordProperty("cpu_us_a_job", fmt::format("{}", exit.cpu.count() / kJobs));
    return parse_json(exit.out);
  }

  std::unique_ptr<TestDatabase> database_;
  StandIn standin_;
};

TEST_F(Volume, OfAMorningIsWorkedOffInOneRunAndNoneTwice) {
  EXPECT_EQ(kJobs, run(0)["completed"]);

  EXPECT_EQ("2000",
            database_->value("select count(*) from ai_response_queue q"
                             " join ai_response_logs l on l.id = q.ai_log_id"
                             " where q.status = 'complete' and q.processed_at is not null"
                             " and l.prompt like '%' || 'Question of' || '%' and l.response <> ''"
                             " and l.tokens_used = 150 and l.cost > 0"));
  std::set<std::string> keys;
  for (const ReceivedRequest& request : standin_.host.requests()) {
    const std::string key = request.header("idempotency-key");
    EXPECT_TRUE(keys.insert(key).second) << "sent twice";
    const auto payload = parse_json(request.body);
    EXPECT_EQ(key, payload["metadata"]["aiLogId"]);
    EXPECT_EQ(true, payload["metadata"]["isAiGenerated"]);
  }
  EXPECT_EQ(static_cast<std::size_t>(kJobs), keys.size());
  EXPECT_EQ(static_cast<std::size_t>(kJobs), standin_.provider.count());

  EXPECT_EQ(0, run(0)["claimed"]);
}

}  // namespace
}  // namespace autoreply::test

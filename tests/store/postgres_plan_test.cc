#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/claim_json.h"
#include "store/postgres/postgres_statements.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The cost of a claim must grow with the batch, not with the backlog. This depends on the indexes
/// that the claim walks. Fresh or outdated statistics must make no difference.
class ClaimPlan : public StoreTest {
 protected:
  void fill(bool fresh_statistics) {
    // To the planner, the table looks like a queue that was analyzed on its first day only.
    database().execute("analyze ai_response_queue");
    database().execute(
        "alter table ai_response_queue set (autovacuum_enabled = off);"
        "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at,"
        " next_attempt_at)"
        " select case when i % 10 = 0 then 'ws' || i % 500 else 'ws0' end,"
        "        md5((i / 22)::text)::uuid, gen_random_uuid(), t, t"
        "   from (select i, now() - interval '1 day' + i * interval '1 ms' as t"
        "           from generate_series(1, 20000) i) n;"
        "insert into ai_response_queue (workspace_id, contact_id, message_id, created_at, status,"
        " claimed_at)"
        " select 'ws' || i % 500, md5((i / 22)::text)::uuid, gen_random_uuid(), t, 'complete', t"
        "   from (select i, now() - i * interval '1 s' as t from generate_series(1, 20000) i) n;"
        "insert into workspace_ai_config (workspace_id) select 'ws' || i from generate_series(0, "
        "499) i");
    if (fresh_statistics) database().execute("analyze");
    // The settings that the store uses for its claims.
    database().execute(
        "set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off;"
        "set enable_incremental_sort = off; set jit = off");
  }

  std::string plan(const SqlStatement& statement,
                   const std::map<std::string, std::string>& values) {
    const SqlStatement::Part& numbered = statement.parts.front();
    std::string text = numbered.sql;
    for (std::size_t number = numbered.parameters.size(); number > 0; --number) {
      const std::string& name = numbered.parameters[number - 1];
      const std::string place = fmt::format("${}", number);
      for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
        const std::string value = sql_literal(values.at(name));
        text.replace(at, place.size(), value);
        at += value.size();
      }
    }
    std::string plan;
    for (const auto& row : database().rows("explain " + text)) plan += row.front() + "\n";
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on ai_response_queue")));
    return plan;
  }

  void expect_plans() {
    const Statements sql = postgres_statements(PlacedTables{});
    const Ask ask{.workspace_id = "ws0",
                  .jobs = 4,
                  .rows = 16,
                  .contact_per_minute = 5,
                  .contact_per_hour = 30};
    const std::string asks = asks_json({&ask, 1}, 0);
    const std::string walk =
        plan(sql.claim_next_workspaces,
             {{"from_start", "0"}, {"after", "ws1"}, {"until", ""}, {"limit_due", "100"}});
    EXPECT_THAT(walk, HasSubstr("using autoreply_queue_turn"));
    EXPECT_THAT(walk, HasSubstr("Index Cond: (COALESCE(workspace_id, ''::text) > "));

    const std::string candidates =
        plan(sql.claim_candidates, {{"asks", asks}, {"coalesce", "0"}, {"job_filter", "{}"}});
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_turn"));
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_recorded"));
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_in_flight"));
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_contact_claimed"));
    EXPECT_THAT(candidates,
                HasSubstr("((contact_id = p.contact_id) AND (claimed_at > (statement_timestamp()"));
    EXPECT_THAT(candidates, Not(HasSubstr("using autoreply_queue_claimed")));
    EXPECT_THAT(candidates, Not(HasSubstr("using autoreply_queue_workspace_claimed")));

    const std::string contacts = plan(sql.claim_contacts,
                                      {{"asks", asks},
                                       {"from", "00000000-0000-0000-0000-000000000000"},
                                       {"coalesce", "0"},
                                       {"job_filter", "{}"}});
    EXPECT_THAT(contacts, HasSubstr("using autoreply_queue_waiting"));
    EXPECT_THAT(contacts, HasSubstr("AND (contact_id > w.contact_id))"));
    EXPECT_THAT(contacts, Not(HasSubstr("using autoreply_queue_claimed")));

    const std::string terms = plan(sql.claim_terms,
                                   {{"workspaces", R"(["ws0","ws1"])"},
                                    {"contact_per_minute", "5"},
                                    {"contact_per_hour", "30"},
                                    {"workspace_per_minute", "100"}});
    EXPECT_THAT(terms, HasSubstr("using autoreply_queue_workspace_claimed"));
    EXPECT_THAT(terms, Not(HasSubstr("using autoreply_queue_contact_claimed")));

    const std::string waiting =
        plan(sql.claim_waiting, {{"job_filter", "{}"}, {"count_max", "1000"}});
    EXPECT_THAT(waiting, HasSubstr("using autoreply_queue_in_flight"));
    EXPECT_THAT(waiting, HasSubstr("using autoreply_queue_contact_claimed"));
    EXPECT_THAT(waiting, Not(HasSubstr("_pkey")));
    EXPECT_THAT(waiting, Not(HasSubstr("using autoreply_queue_claimed")));

    const std::string state = plan(sql.claim_state, {{"per_minute", "100"}});
    const std::string breaker =
        plan(sql.lock_breakers, {{"peers", "[]"}, {"workspaces", R"(["ws1"])"}});
    EXPECT_THAT(breaker, HasSubstr("using autoreply_queue_turn"));
    EXPECT_THAT(state, HasSubstr("using autoreply_queue_claimed"));
    EXPECT_THAT(state, HasSubstr("using autoreply_queue_in_flight"));

    const std::string start = plan(sql.start, {{"batch", "[]"}, {"message_types", "[]"}});
    EXPECT_THAT(start, HasSubstr(R"((created_at > "*VALUES*".column1) AND (created_at <= )"));
    EXPECT_THAT(start, Not(HasSubstr("Seq Scan on livechat_messages")));
    const std::string record = plan(sql.record, {{"batch", "[]"}, {"message_types", "[]"}});
    EXPECT_THAT(record, Not(HasSubstr("Seq Scan on livechat_messages")));
    EXPECT_THAT(record, HasSubstr("using autoreply_queue_contact"));
    const std::string deliveries = plan(sql.find_deliveries, {{"batch", "[]"}});
    EXPECT_THAT(deliveries, Not(HasSubstr("Seq Scan on livechat_messages")));
    EXPECT_THAT(deliveries, HasSubstr("using autoreply_queue_contact"));
  }
};
AUTOREPLY_ON_POSTGRES(ClaimPlan);

TEST_P(ClaimPlan, WalksItsIndexesUnderFreshStatistics) {
  fill(true);
  expect_plans();
}

TEST_P(ClaimPlan, WalksItsIndexesUnderStaleStatistics) {
  fill(false);
  expect_plans();
}

}  // namespace
}  // namespace autoreply::test

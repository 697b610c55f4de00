#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres_plan_fixture.h"
#include "store/claim_json.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The cost of a claim must grow with the batch, not with the backlog. This depends on the indexes
/// that the claim walks. Statistics must make no difference.
class ClaimPlan : public PlanTest {
 protected:
  std::string plan(const SqlStatement& statement, const Values& values) {
    std::string plan = PlanTest::plan(Plans::walks, statement, values);
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan on ai_response_queue")));
    return plan;
  }

  void expect_plans() {
    const Ask ask{.workspace_id = "ws0",
                  .jobs = 4,
                  .rows = 16,
                  .contact_per_minute = 5,
                  .contact_per_hour = 30};
    const std::string asks = asks_json({&ask, 1}, 0);
    const std::string walk =
        plan(sql_.claim_next_workspaces,
             {{"from_start", "0"}, {"after", "ws1"}, {"until", ""}, {"limit_due", "100"}});
    EXPECT_THAT(walk, HasSubstr("using autoreply_queue_turn"));
    EXPECT_THAT(walk, HasSubstr("Index Cond: (COALESCE(workspace_id, ''::text) > "));

    const std::string candidates =
        plan(sql_.claim_candidates, {{"asks", asks}, {"coalesce", "0"}, {"job_filter", "{}"}});
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_turn"));
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_with_reply"));
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_in_flight"));
    EXPECT_THAT(candidates, HasSubstr("using autoreply_queue_contact_claimed"));
    EXPECT_THAT(candidates,
                HasSubstr("((contact_id = p.contact_id) AND (claimed_at > (statement_timestamp()"));
    EXPECT_THAT(candidates, Not(HasSubstr("using autoreply_queue_claimed")));
    EXPECT_THAT(candidates, Not(HasSubstr("using autoreply_queue_workspace_claimed")));

    const std::string contacts = plan(sql_.claim_contacts,
                                      {{"asks", asks},
                                       {"from", "00000000-0000-0000-0000-000000000000"},
                                       {"coalesce", "0"},
                                       {"job_filter", "{}"}});
    EXPECT_THAT(contacts, HasSubstr("using autoreply_queue_waiting"));
    EXPECT_THAT(contacts, HasSubstr("AND (contact_id > w.contact_id))"));
    EXPECT_THAT(contacts, Not(HasSubstr("using autoreply_queue_claimed")));

    const std::string terms = plan(sql_.claim_terms,
                                   {{"workspaces", R"(["ws0","ws1"])"},
                                    {"contact_per_minute", "5"},
                                    {"contact_per_hour", "30"},
                                    {"workspace_per_minute", "100"}});
    EXPECT_THAT(terms, HasSubstr("using autoreply_queue_workspace_claimed"));
    EXPECT_THAT(terms, Not(HasSubstr("using autoreply_queue_contact_claimed")));

    const std::string waiting =
        plan(sql_.claim_waiting, {{"job_filter", "{}"}, {"count_max", "1000"}});
    EXPECT_THAT(waiting, HasSubstr("using autoreply_queue_in_flight"));
    EXPECT_THAT(waiting, HasSubstr("using autoreply_queue_contact_claimed"));
    EXPECT_THAT(waiting, Not(HasSubstr("_pkey")));
    EXPECT_THAT(waiting, Not(HasSubstr("using autoreply_queue_claimed")));

    const std::string idle =
        plan(sql_.is_idle, {{"schema_version", "1"}, {"schema_revision", "1"}});
    EXPECT_THAT(idle, HasSubstr("using autoreply_queue_turn"));
    EXPECT_THAT(idle, HasSubstr("using autoreply_queue_in_flight"));

    const std::string state = plan(sql_.claim_state, {{"per_minute", "100"}});
    EXPECT_THAT(state, HasSubstr("using autoreply_queue_claimed"));
    EXPECT_THAT(state, HasSubstr("using autoreply_queue_in_flight"));
  }
};
AUTOREPLY_ON_POSTGRES(ClaimPlan);

TEST_P(ClaimPlan, WalksItsIndexesUnderFreshStatistics) {
  fill(Statistics::fresh);
  expect_plans();
}

TEST_P(ClaimPlan, WalksItsIndexesUnderStaleStatistics) {
  fill(Statistics::stale);
  expect_plans();
}

TEST_P(ClaimPlan, WalksItsIndexesWithoutStatistics) {
  fill(Statistics::none);
  expect_plans();
}

}  // namespace
}  // namespace autoreply::test

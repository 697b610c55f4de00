// Whether the role of a run has the rights that it needs on the host's tables and ours.

#include <string>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/restricted_role_fixture.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class HostRights : public RestrictedRole {};
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
      "  claimed_at, started_at, lease_until, ai_log_id, sends, sent_at, outcome, settled_token, "
      "  may_have_reply, retried_at, former_log_id, waits_for, failures) "
      "  on ai_response_queue to \"{0}\";"
      "grant insert (id, workspace_id, contact_id, message_id, provider, model, prompt, response, "
      "  tokens_used, cost, created_at) on ai_response_logs to \"{0}\"",
      role_));
  const auto claim = claim_from(*restricted(), claim_request());
  ASSERT_TRUE(claim) << claim.error().message;
  EXPECT_EQ(1U, claim->jobs.size());
}

TEST_P(HostRights, GivenByColumnReachTheColumnsThatAMigrationAdds) {
  database().execute(fmt::format(
      "alter table ai_response_queue drop column settled_token, drop column may_have_reply;"
      "revoke update on ai_response_queue from \"{0}\";"
      "grant update (status, attempts, processed_at, error, next_attempt_at, claim_token, "
      "  claimed_at, started_at, lease_until, ai_log_id, sends, sent_at, outcome) "
      "  on ai_response_queue to \"{0}\"",
      role_));
  ASSERT_TRUE(migrate(database_config()));
  host().job();
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

}  // namespace
}  // namespace autoreply::test

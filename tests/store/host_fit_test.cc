// Whether the program can work with the host's columns, and when it asks.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/host_fit_fixture.h"

namespace autoreply::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

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
}

}  // namespace
}  // namespace autoreply::test

// The one question that a run with nothing to do asks.

#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "restricted_role_fixture.h"
#include "store/schema.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

class Idle : public StoreTest {
 protected:
  bool is_idle() {
    const auto idle = store().look();
    EXPECT_TRUE(idle) << idle.error().message;
    return idle && *idle == Idleness::idle;
  }
};
AUTOREPLY_ON_EVERY_DATABASE(Idle);

TEST_P(Idle, IsARunWithoutDueJobs) {
  EXPECT_TRUE(is_idle());
  host().queue({.workspace_id = "ws-1", .next_attempt_in = 60});
  host().queue({.workspace_id = "ws-2", .status = "complete"});
  host().queue({.workspace_id = "ws-3", .status = "processing"});
  host().queue({.workspace_id = "ws-4",
                .status = "processing",
                .claim_token = random_uuid(),
                .lease_in = 60});
  EXPECT_TRUE(is_idle());
}

TEST_P(Idle, IsNoRunWithADueJobInAnyWorkspace) {
  for (const char* const workspace : {"a", "b", "c"}) {
    host().queue({.workspace_id = workspace, .next_attempt_in = 60});
  }
  EXPECT_TRUE(is_idle());
  const std::string due = host().queue({.workspace_id = "b"});
  EXPECT_FALSE(is_idle());
  set(due, "workspace_id = 'z'");
  EXPECT_FALSE(is_idle());
  set(due, "status = 'error'");
  EXPECT_TRUE(is_idle());
}

TEST_P(Idle, IsNoRunWithALapsedClaim) {
  const std::string job = host().queue(lapsed_row(1, -60));
  EXPECT_FALSE(is_idle());
  // Another service has ended it; the claim still has to be cleared.
  set(job, "status = 'complete'");
  EXPECT_FALSE(is_idle());
  set(job, "claim_token = null");
  EXPECT_TRUE(is_idle());
}

TEST_P(Idle, IsNoRunOnAnotherSchemaOrWithoutATable) {
  for (const auto& [version, revision, fits] : {std::tuple{-1, 0, false},
                                                std::tuple{0, -1, false},
                                                std::tuple{0, 1, true},
                                                std::tuple{1, 0, false},
                                                std::tuple{0, 0, true}}) {
    database().execute(fmt::format("update autoreply_schema set version = {}, revision = {}",
                                   kSchema.version + version,
                                   kSchema.revision + revision));
    EXPECT_EQ(fits, is_idle()) << version << ", " << revision;
  }
  database().execute("drop table ai_response_logs");
  EXPECT_FALSE(is_idle());
  database().execute("drop table ai_response_queue");
  EXPECT_EQ(Idleness::busy, store().look().value_or(Idleness::busy));
}

class IdleRole : public RestrictedRole {};
AUTOREPLY_ON_POSTGRES(IdleRole);

TEST_P(IdleRole, IsNotIdleIfRowsAreHiddenFromIt) {
  EXPECT_EQ(Idleness::idle, restricted()->look().value_or(Idleness::busy));
  database().execute("alter table contacts enable row level security");
  EXPECT_EQ(Idleness::busy, restricted()->look().value_or(Idleness::busy));
}

TEST_P(IdleRole, IsNotIdleIfItMayNotWrite) {
  for (const auto& [right, table] : {std::pair{"update", "ai_response_queue"},
                                     std::pair{"insert", "ai_response_logs"},
                                     std::pair{"update", "autoreply_breakers"}}) {
    database().execute(fmt::format("revoke {} on {} from \"{}\"", right, table, role_));
    EXPECT_EQ(Idleness::busy, restricted()->look().value_or(Idleness::busy))
        << right << " on " << table;
    database().execute(fmt::format("grant {} on {} to \"{}\"", right, table, role_));
  }
  EXPECT_EQ(Idleness::idle, restricted()->look().value_or(Idleness::busy));
}

TEST_P(Idle, TellsIfJobsWaitUntilSomebodyMendsASetting) {
  const Peer peer{"callback:1", "the callback"};
  ASSERT_TRUE(store().update_breakers({.peers = {peer}, .workspaces = {}},
                                      [&](const LockedBreakers& locked) {
                                        Breaker open;
                                        open.opened_at = open.changed_at = locked.now;
                                        open.scope = Scope::the_operator;
                                        return std::vector{NamedBreaker{peer, open}};
                                      }));
  const std::vector<Hold> holds{{.workspace_id = "ws-1", .breaker = peer.name, .detail = "401"}};
  ASSERT_TRUE(store().write_holds(holds, {}, true));
  EXPECT_EQ(Idleness::idle, *store().look()) << "no job waits";
  host().queue({.workspace_id = "ws-2", .next_attempt_in = 60});
  EXPECT_EQ(Idleness::idle, *store().look()) << "nor one of that workspace";
  host().queue({.workspace_id = "ws-1", .next_attempt_in = 60});
  EXPECT_EQ(Idleness::operator_refused, *store().look());
}

}  // namespace
}  // namespace autoreply::test

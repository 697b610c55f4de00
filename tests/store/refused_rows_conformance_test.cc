// Rows that the database refuses to change must not affect other rows.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

/// A trigger of the host refuses changes of certain rows.
class RefusedRows : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    database().execute("create table refused (id text)");
    refuse_on("ai_response_queue", "update", state_);
  }

  /// `state` is the SQLSTATE that PostgreSQL raises; SQLite raises without one.
  void refuse_on(const std::string& table, const std::string& event, const std::string& state) {
    const std::string row = event == "insert" ? "new.message_id" : "new.id";
    if (database().is_postgres()) {
      database().execute(fmt::format(
          "create function refuse_{0}() returns trigger language plpgsql as $$ begin "
          "if exists (select 1 from refused where id = {2}::text) then "
          "  raise exception 'not this one' using errcode = '{3}'; end if; return new; end $$;"
          "create trigger refuse before {1} on {0} for each row execute function refuse_{0}()",
          table,
          event,
          row,
          state));
    } else {
      database().execute(fmt::format(
          "create trigger refuse_{0} before {1} on {0} when {2} in (select id from refused) "
          "begin select raise({3}, 'not this one'); end",
          table,
          event,
          row,
          raise_));
    }
  }

  void refuse(const std::string& id) {
    database().execute(fmt::format("insert into refused values ('{}')", id));
  }

  static std::vector<std::string> refused_ids(const Claim& claim) {
    std::vector<std::string> found;
    for (const RefusedJob& job : claim.refused) found.push_back(job.id.value);
    return found;
  }

  std::string state_ = "P0001";
  std::string raise_ = "abort";  ///< what SQLite undoes: the statement, or the transaction
};
AUTOREPLY_ON_EVERY_DATABASE(RefusedRows);

class RowsRefusedForGood : public RefusedRows {
 protected:
  RowsRefusedForGood() { raise_ = "rollback"; }
};
AUTOREPLY_ON_EVERY_DATABASE(RowsRefusedForGood);

TEST_P(RowsRefusedForGood, SufferAloneAlthoughTheTransactionIsUndone) {
  std::vector<std::string> fine;
  std::vector<std::string> culprits;
  for (int number = 0; number < 40; ++number) {
    const std::string id = host().job({.seconds_ago = 100 - number}).id;
    (number % 19 == 7 ? culprits : fine).push_back(id);
  }
  for (const std::string& id : culprits) refuse(id);
  const Result<Claim> claim = claim_from(store(), claim_request());
  ASSERT_TRUE(claim) << claim.error().message;
  EXPECT_THAT(ids(claim->jobs), UnorderedElementsAreArray(fine));
  EXPECT_THAT(refused_ids(*claim), UnorderedElementsAreArray(culprits));
}

TEST_P(RefusedRows, StayUnclaimedAloneAndAreLeftOutOfLaterClaims) {
  std::vector<std::string> fine;
  std::vector<std::string> culprits;
  for (int number = 0; number < 40; ++number) {
    const std::string id = host().job({.seconds_ago = 100 - number}).id;
    (number % 13 == 0 ? culprits : fine).push_back(id);
  }
  for (const std::string& id : culprits) refuse(id);
  const auto before = row(culprits[0]);

  const auto first = claim_from(store(), claim_request());

  ASSERT_TRUE(first) << first.error().message;
  EXPECT_THAT(ids(first->jobs), UnorderedElementsAreArray(fine));
  EXPECT_THAT(refused_ids(*first), UnorderedElementsAreArray(culprits));
  EXPECT_THAT(first->refused.at(0).reason, HasSubstr("not this one"));
  EXPECT_EQ(before, row(culprits[0]));

  const std::string later = host().job().id;
  const auto second = claim_from(store(), claim_request());
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_THAT(ids(second->jobs), ElementsAre(later));
  EXPECT_THAT(second->refused, IsEmpty());
}

TEST_P(RefusedRows, AreToldOfLaterIfTheirClaimWasBrokenOff) {
  const std::vector<std::string> culprit{host().job().id};
  refuse(culprit.front());
  const ClaimTerm term{
      .token = {random_uuid()}, .lease = std::chrono::minutes(2), .max_attempts = 3};
  int tries = 0;
  const auto broken_off = [&](ClaimStatements& statements) {
    if (++tries == 3) throw UnreadKeys(std::vector<RouteRequest>{});
    EXPECT_THAT(statements.take(culprit, term), IsEmpty());
  };
  EXPECT_THROW(static_cast<void>(store().claim(broken_off)), UnreadKeys);
  const auto refused = store().claim([](ClaimStatements&) {});
  ASSERT_TRUE(refused) << refused.error().message;
  ASSERT_THAT(*refused, SizeIs(1));
  EXPECT_EQ(culprit.front(), refused->front().id.value);
}

TEST_P(RefusedRows, LetTheContactsOtherJobsThrough) {
  const HostJob culprit = host().job({.seconds_ago = 100});
  refuse(culprit.id);
  const std::string next = host().job({.contact_id = culprit.contact_id, .seconds_ago = 50}).id;
  EXPECT_THAT(ids(claim()), ElementsAre(next));
}

TEST_P(RefusedRows, DoNotEndAClaimThatFindsNothingElseAtFirst) {
  for (int number = 0; number < 60; ++number) {
    refuse(host().job({.seconds_ago = 1'000 - number}).id);
  }
  const std::string behind = host().job().id;
  const auto found = claim_from(store(), claim_request(5));
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(ids(found->jobs), ElementsAre(behind));
  EXPECT_THAT(found->refused, SizeIs(60));
}

TEST_P(RefusedRows, MayBeFinishedOnesWhoseClaimCannotBeEnded) {
  const HostJob culprit = host().job();
  const ClaimedJob claimed = claim_one(culprit.id);
  const HostJob forgotten = host().job();
  claim_one(forgotten.id);
  set(culprit.id, "status = 'complete', lease_until = " + database().instant(-1));
  set(forgotten.id, "status = 'complete', lease_until = " + database().instant(-1));
  refuse(culprit.id);
  const std::string other = host().job().id;
  EXPECT_THAT(ids(claim()), ElementsAre(other));
  EXPECT_EQ(claimed.token.value, column(culprit.id, "claim_token"));
  EXPECT_EQ("", column(forgotten.id, "claim_token"));
}

TEST_P(RefusedRows, AreRefusedToEveryOtherWriteByName) {
  const HostJob culprit = host().job();
  const ClaimedJob claimed = claim_one(culprit.id);
  refuse(culprit.id);
  const std::vector<StartRequest> starts{start_request(claimed)};
  const auto started = store().start(starts);
  ASSERT_FALSE(started);
  EXPECT_EQ(ErrorKind::refused, started.error().kind);
  const std::vector<HeldJob> held{{claimed.job.id, claimed.token}};
  const auto renewed = store().renew(held, std::chrono::seconds{5});
  ASSERT_FALSE(renewed);
  EXPECT_EQ(ErrorKind::refused, renewed.error().kind);
}

TEST_P(RefusedRows, DoNotFailTheSettlementThatSupersedesThem) {
  const HostJob older = host().job({.seconds_ago = 100});
  const HostJob other = host().job({.contact_id = older.contact_id, .seconds_ago = 90});
  const HostJob answered = host().job({.contact_id = older.contact_id, .seconds_ago = 50});
  for (const auto& id : {older.id, other.id}) {
    set(id, "next_attempt_at = " + database().instant(500));
  }
  const ClaimedJob claimed = claim_one(answered.id);
  refuse(older.id);
  Settlement settled = settlement(claimed, Outcome::completed);
  settled.answered = {older.message_id, other.message_id};
  EXPECT_TRUE(settle(settled));
  EXPECT_EQ("complete", column(answered.id, "status"));
  EXPECT_EQ("pending", column(older.id, "status"));
  EXPECT_EQ("skipped: superseded", column(other.id, "outcome"));
}

/// A trigger may raise an error that normally means a missing column or right.
class RefusedAsMisfits : public RefusedRows {
 protected:
  RefusedAsMisfits() { state_ = "42703"; }
};
AUTOREPLY_ON_POSTGRES(RefusedAsMisfits);

TEST_P(RefusedAsMisfits, StayUnclaimedAlone) {
  const std::string culprit = host().job({.seconds_ago = 100}).id;
  const std::string fine = host().job().id;
  refuse(culprit);
  const auto found = claim_from(store(), claim_request());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(ids(found->jobs), ElementsAre(fine));
  EXPECT_THAT(refused_ids(*found), ElementsAre(culprit));
}

TEST_P(RefusedAsMisfits, AreRefusedToOtherWritesAndNoMisfit) {
  const ClaimedJob claimed = claim_one(host().job().id);
  refuse(claimed.job.id.value);
  const std::vector<StartRequest> starts{start_request(claimed)};
  const auto started = store().start(starts);
  ASSERT_FALSE(started);
  EXPECT_EQ(ErrorKind::refused, started.error().kind) << started.error().message;
}

class OddCounts : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(OddCounts);

TEST_P(OddCounts, OfAttemptsStopNoClaim) {
  std::vector<std::string> all;
  if (database().is_postgres()) {
    database().execute("alter table ai_response_queue alter column attempts drop not null");
  }
  for (const char* attempts : {"2147483647", "2147483646", "-2147483648", "-1", "0"}) {
    const std::string id = host().job().id;
    set(id, fmt::format("attempts = {}", attempts));
    all.push_back(id);
  }
  const auto found = claim_from(store(), claim_request());
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(ids(found->jobs), UnorderedElementsAreArray(all));
  EXPECT_THAT(found->refused, IsEmpty());
  EXPECT_EQ("2147483647", column(all[0], "attempts"));
  EXPECT_EQ("1", column(all[2], "attempts"));
  // A released job gets its old `attempts` back.
  for (const ClaimedJob& job : found->jobs) {
    if (job.job.id.value != all[0]) continue;
    EXPECT_TRUE(job.exhausted);
    Settlement back = settlement(job, Outcome::released);
    back.attempts = job.attempts_before;
    EXPECT_TRUE(settle(back));
    EXPECT_EQ("2147483647", column(all[0], "attempts"));
  }
}

class OddSettings : public HostStoreTest {
 protected:
  void make_host_tables() override {
    make_minimal_host_tables(database());
    database().execute(
        "alter table workspace_ai_config add enabled text;"
        "alter table contacts add conversation_status text;"
        "alter table livechat_messages add status text;"
        "alter table livechat_messages add msg_type text;"
        "alter table livechat_messages add sender text");
  }
};
AUTOREPLY_ON_EVERY_DATABASE(OddSettings);

TEST_P(OddSettings, OfOneWorkspaceStopNoOther) {
  struct Written {
    const char* enabled;
    bool on;
  };
  for (const Written& written : {Written{"'t'", true},
                                 Written{"'yes'", true},
                                 Written{"'ON'", true},
                                 Written{"'1'", true},
                                 Written{"null", true},
                                 Written{"'maybe'", true},
                                 Written{"'2'", true},
                                 Written{"'f'", false},
                                 Written{"'No'", false},
                                 Written{"'off'", false},
                                 Written{"'0'", false},
                                 Written{"'FALSE'", false}}) {
    database().execute("delete from workspace_ai_config");
    database().execute(fmt::format(
        "insert into workspace_ai_config (workspace_id, provider, model, enabled) values "
        "('ws-1', 'echo', 'echo', {})",
        written.enabled));
    const HostJob job = host().job();
    const ClaimedJob claimed = claim_one(job.id);
    const auto context = start(claimed);
    ASSERT_TRUE(context && context->config) << written.enabled;
    EXPECT_EQ(written.on, context->config->enabled) << written.enabled;
    ASSERT_TRUE(record(claimed)) << written.enabled;
  }
}

class WorkspaceWithoutAName : public StoreTest {};
AUTOREPLY_ON_EVERY_DATABASE(WorkspaceWithoutAName);

TEST_P(WorkspaceWithoutAName, IsLoggedAsItIs) {
  const HostJob job = host().job();
  set(job.id, "workspace_id = ''");
  ASSERT_TRUE(record(claim_one(job.id)));
  EXPECT_EQ("1", database().value("select count(*) from ai_response_logs where workspace_id = ''"));
}

}  // namespace
}  // namespace autoreply::test

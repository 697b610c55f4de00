// Transactions whose commit the server may or may not have done, because the connection was lost.

#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/commit_statement.h"
#include "store/write_test.h"
#include "support/flaky_proxy.h"

namespace autoreply::test {
namespace {

using Fate = FlakyProxy::Fate;

/// A store behind a proxy, besides the fixture's own store, which stays undisturbed.
class FlakyStore : public WriteTest {
 protected:
  void SetUp() override {
    WriteTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    proxy_.emplace(database().url());
    DatabaseConfig config = database_config();
    config.url = proxy_->url();
    auto opened = open_store(config);
    ASSERT_TRUE(opened) << opened.error().message;
    flaky_ = std::move(*opened);
  }

  Written write(const std::vector<RecordRequest>& records,
                const std::vector<Settlement>& settlements) {
    auto written = flaky_->write(records, settlements);
    if (!written) throw std::runtime_error(written.error().message);
    return std::move(*written);
  }

  std::optional<FlakyProxy> proxy_;
  std::unique_ptr<JobStore> flaky_;
};

using UnansweredCommit = FlakyStore;
AUTOREPLY_ON_POSTGRES(UnansweredCommit);

TEST_P(UnansweredCommit, OfAClaimGivesTheJobsThatItTook) {
  // After the claim, `attempts` no longer tells these jobs apart. One is at its last attempt. The
  // other lost its last attempt to a process that died.
  const std::string last = host().job().id;
  set(last, "attempts = 2");
  const std::string used_up = host().job().id;
  set(used_up, "attempts = 2");
  start(claim_one(used_up));
  set(used_up, "lease_until = " + database().instant(-1));
  proxy_->on_statement("with pending_due", Fate::pass);
  proxy_->on_statement(kCommit, Fate::lose_answer);
  ClaimRequest request = claim_request();

  const auto jobs = claim_from(*flaky_, request);

  ASSERT_TRUE(jobs) << jobs.error().message;
  EXPECT_TRUE(proxy_->wait_until_done());
  ASSERT_EQ(2U, jobs->jobs.size());
  for (const ClaimedJob& job : jobs->jobs) {
    EXPECT_EQ(request.token, job.token);
    EXPECT_EQ(request.token.value, column(job.job.id.value, "claim_token"));
    EXPECT_EQ("3", column(job.job.id.value, "attempts")) << "counted once";
    EXPECT_EQ(job.job.id.value == used_up, job.exhausted);
    EXPECT_EQ(job.job.id.value == used_up, job.broken_off);
  }
}

TEST_P(UnansweredCommit, OfAClaimThatNeverArrivedIsRepeated) {
  const std::string id = host().job().id;
  proxy_->on_statement("with pending_due", Fate::pass);
  proxy_->on_statement(kCommit, Fate::lose);

  const auto jobs = claim_from(*flaky_, claim_request());

  ASSERT_TRUE(jobs) << jobs.error().message;
  EXPECT_THAT(ids(jobs->jobs), testing::ElementsAre(id));
  EXPECT_EQ("1", column(id, "attempts"));
}

TEST_P(UnansweredCommit, OfARecordCountsAsRecorded) {
  for (const Fate fate : {Fate::lose_answer, Fate::lose}) {
    proxy_->on_statement(kCommit, fate);
    const auto written = write({record_request(claimed_, "We open at 7.")}, {});
    ASSERT_TRUE(written.recorded.at(0));
    EXPECT_EQ("We open at 7.", written.recorded[0]->text);
    EXPECT_EQ("1", log_count());
  }
}

TEST_P(UnansweredCommit, OfASettlementCountsAsSettled) {
  proxy_->on_statement(kCommit, Fate::lose_answer);
  EXPECT_TRUE(write({}, {settlement(claimed_, Outcome::completed)}).settled.at(0));
  EXPECT_EQ("complete", column(job_.id, "status"));
}

TEST_P(UnansweredCommit, OfASettlementThatNeverArrivedIsRepeated) {
  proxy_->on_statement(kCommit, Fate::lose);
  EXPECT_TRUE(write({}, {settlement(claimed_, Outcome::completed)}).settled.at(0));
  EXPECT_EQ("complete", column(job_.id, "status"));
}

TEST_P(UnansweredCommit, DoesNotHideThatTheTokenHeldNoMore) {
  const ClaimedJob thief = taken_over();
  proxy_->on_statement(kCommit, Fate::lose_answer);
  EXPECT_FALSE(write({}, {settlement(claimed_, Outcome::completed)}).settled.at(0));
  EXPECT_EQ(thief.token.value, column(job_.id, "claim_token"));
}

TEST_P(UnansweredCommit, OfAnotherRunsWorkInBetweenDoesNotCountTwice) {
  // The job is settled as retried and due again at once. When we write it again, another run
  // already has it.
  Settlement again = settlement(claimed_, Outcome::retried);
  again.due = Settlement::Due::after_now;
  proxy_->on_statement(kCommit, Fate::lose_answer);
  proxy_->on_statement(kCommit, Fate::refuse);
  auto written = std::async(std::launch::async, [&] { return write({}, {again}); });
  ASSERT_TRUE(proxy_->wait_until_done());
  const ClaimedJob theirs = claim_one(job_.id);
  proxy_->resume();
  EXPECT_TRUE(written.get().settled.at(0));
  EXPECT_EQ(theirs.token.value, column(job_.id, "claim_token"));
}

TEST_P(UnansweredCommit, OfATransactionThatIsStillAtWorkIsWaitedFor) {
  const auto blocker = database().another_session();
  blocker->execute("begin");
  blocker->execute(
      fmt::format("select 1 from ai_response_queue where id = '{}' for update", job_.id));
  const auto wait_for_blocked = [&](const char* count) {
    const std::string blocked =
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and wait_event_type = 'Lock'";
    while (database().value(blocked) != count) std::this_thread::yield();
  };
  auto written = std::async(std::launch::async,
                            [&] { return write({}, {settlement(claimed_, Outcome::completed)}); });
  wait_for_blocked("1");
  proxy_->cut();
  wait_for_blocked("2");
  blocker->execute("rollback");
  EXPECT_TRUE(written.get().settled.at(0));
  EXPECT_EQ("complete", column(job_.id, "status"));
}

TEST_P(UnansweredCommit, DoesNotMakeALockedRowLookLikeALostDatabase) {
  const auto blocker = database().another_session();
  blocker->execute("begin");
  blocker->execute(
      fmt::format("select 1 from ai_response_queue where id = '{}' for update", job_.id));
  proxy_->on_statement(kCommit, Fate::lose);
  const std::vector<Settlement> settlements{settlement(claimed_, Outcome::completed)};
  const auto written = flaky_->write({}, settlements);
  ASSERT_FALSE(written);
  EXPECT_EQ(ErrorKind::busy, written.error().kind);
  blocker->execute("rollback");
  EXPECT_TRUE(write({}, settlements).settled.at(0));
}

}  // namespace
}  // namespace autoreply::test

#include <future>
#include <optional>
#include <stop_token>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "store/postgres/postgres_session.h"
#include "store/write_test.h"
#include "support/endpoint.h"
#include "support/flaky_proxy.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using End = PostgresSession::End;
using Fate = FlakyProxy::Fate;
using SteadyClock = std::chrono::steady_clock;

/// Limits that spare a test a long wait for a silent peer.
constexpr TransactionLimits kShort{.lock = milliseconds{200},
                                   .statement = milliseconds{300},
                                   .idle = milliseconds{500},
                                   .network = milliseconds{400}};
/// The statement with its terminating NUL, because settings of a transaction contain the word too.
const std::string kCommit("commit", sizeof "commit");
constexpr milliseconds kLong{60'000};
/// Longer than anything here takes, and far shorter than the bounds that must not be reached.
constexpr milliseconds kSoon{8'000};

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
  // The job is settled as retried and due again at once. When we ask, another run already has it.
  Settlement again = settlement(claimed_, Outcome::retried);
  again.due = Settlement::Due::after_now;
  proxy_->on_statement(kCommit, Fate::lose_answer);
  proxy_->on_statement("pg_xact_status", Fate::hold_answer);
  auto written = std::async(std::launch::async, [&] { return write({}, {again}); });
  ASSERT_TRUE(proxy_->wait_until_done());
  const ClaimedJob theirs = claim_one(job_.id);
  proxy_->resume();
  EXPECT_TRUE(written.get().settled.at(0));
  EXPECT_EQ(theirs.token.value, column(job_.id, "claim_token"));
}

/// One session behind a proxy.
class FlakySession : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    proxy_.emplace(database().url());
  }

  std::unique_ptr<PostgresSession> open(const std::shared_ptr<OutageClock>& clock) {
    auto session = PostgresSession::open(proxy_->url(), clock);
    if (!session) throw std::runtime_error(session.error().message);
    return std::move(*session);
  }

  static Result<void> ask(PostgresSession& session) {
    return session.in_transaction(
        kShort, End::commit, [](SqlTransaction& tx) { tx.run("select 'answer'"); });
  }

  static milliseconds time_since(SteadyClock::time_point begun) {
    return std::chrono::duration_cast<milliseconds>(SteadyClock::now() - begun);
  }

  std::optional<FlakyProxy> proxy_;
};
AUTOREPLY_ON_POSTGRES(FlakySession);

TEST_P(FlakySession, RepeatsATransactionWhoseCommitIsStillUnderWay) {
  const auto session = open(std::make_shared<OutageClock>(kLong));
  database().execute("create table counted (n int)");
  proxy_->on_statement(kCommit, Fate::swallow);
  int runs = 0;
  const auto done = session->in_transaction(kShort, End::commit, [&runs](SqlTransaction& tx) {
    ++runs;
    tx.run("insert into counted values (1)");
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(2, runs);
  EXPECT_EQ("1", database().value("select count(*) from counted"));
}

TEST_P(FlakySession, DoesNotWaitForASilentServer) {
  const auto session = open(std::make_shared<OutageClock>(milliseconds{300}));
  proxy_->go_silent();
  const auto begun = SteadyClock::now();
  const auto done = ask(*session);
  ASSERT_FALSE(done);
  EXPECT_EQ(ErrorKind::unavailable, done.error().kind);
  EXPECT_THAT(done.error().message, HasSubstr("does not answer"));
  EXPECT_LT(time_since(begun), kSoon);
}

TEST_P(FlakySession, GoesOnWhenASilentServerSpeaksAgain) {
  const auto session = open(std::make_shared<OutageClock>(kLong));
  proxy_->go_silent();
  auto done = std::async(std::launch::async, [&] { return ask(*session); });
  // The session gives up its first connection and tries new ones.
  EXPECT_TRUE(proxy_->wait_for_connections(2));
  proxy_->resume();
  EXPECT_TRUE(done.get());
}

TEST_P(FlakySession, DoesNotWaitForAServerThatIsSilentFromTheStart) {
  proxy_->go_silent();
  const auto begun = SteadyClock::now();
  const auto session = PostgresSession::open(proxy_->url() + "?connect_timeout=1",
                                             std::make_shared<OutageClock>(kLong));
  ASSERT_FALSE(session);
  EXPECT_EQ(ErrorKind::unavailable, session.error().kind);
  EXPECT_LT(time_since(begun), kSoon);
}

TEST_P(FlakySession, TriesTheNextHostWhenTheFirstIsSilent) {
  FlakyProxy second(database().url());
  proxy_->go_silent();
  std::string url = proxy_->url() + "?connect_timeout=1";
  const auto port_of = [](const std::string& text) {
    const std::size_t colon = text.rfind(':');
    return text.substr(colon + 1, text.find('/', colon) - colon - 1);
  };
  const std::size_t slash = url.find('/', url.find('@'));
  url.insert(slash, ",127.0.0.1:" + port_of(second.url()));
  const auto session = PostgresSession::open(url, std::make_shared<OutageClock>(kLong));
  EXPECT_TRUE(session) << session.error().message;
  EXPECT_EQ(1U, second.connections());
}

TEST_P(FlakySession, SharesTheWaitWithAllOthersOfItsRun) {
  const auto clock = std::make_shared<OutageClock>(milliseconds{500});
  const auto one = open(clock);
  const auto other = open(clock);
  proxy_->refuse();
  EXPECT_FALSE(ask(*one));
  const std::size_t tries = proxy_->connections();
  EXPECT_FALSE(ask(*other));
  EXPECT_EQ(tries, proxy_->connections()) << "nothing more is tried";
}

TEST_P(FlakySession, MayBeOpenedLaterWhileTheDatabaseIsAway) {
  const auto clock = std::make_shared<OutageClock>(kLong);
  const auto first = open(clock);
  proxy_->refuse();
  const auto later = open(clock);
  auto done = std::async(std::launch::async, [&] { return ask(*later); });
  EXPECT_TRUE(proxy_->wait_for_connections(3));
  proxy_->resume();
  EXPECT_TRUE(done.get());
}

TEST_P(FlakySession, EndsItsWaitWhenTheRunIsBrokenOff) {
  std::stop_source break_off;
  const auto session = open(std::make_shared<OutageClock>(kLong, break_off.get_token()));
  proxy_->refuse();
  const auto begun = SteadyClock::now();
  auto done = std::async(std::launch::async, [&] { return ask(*session); });
  EXPECT_TRUE(proxy_->wait_for_connections(3));
  break_off.request_stop();
  EXPECT_FALSE(done.get());
  EXPECT_LT(time_since(begun), kSoon);
}

TEST_P(FlakySession, IsCutShortlyAfterTheRunIsBrokenOff) {
  std::stop_source break_off;
  const auto session = open(std::make_shared<OutageClock>(kLong, break_off.get_token()));
  proxy_->go_silent();
  TransactionLimits patient;
  patient.statement = kLong;
  const auto begun = SteadyClock::now();
  break_off.request_stop();
  EXPECT_FALSE(session->in_transaction(patient, End::commit, [](SqlTransaction&) {}));
  EXPECT_LT(time_since(begun), kSoon);
}

TEST_P(FlakySession, StillWorksAtTheLastMomentOfABrokenOffRun) {
  std::stop_source break_off;
  const auto session = open(std::make_shared<OutageClock>(kLong, break_off.get_token()));
  break_off.request_stop();
  EXPECT_TRUE(ask(*session));
  proxy_->cut();
  EXPECT_TRUE(ask(*session)) << "a connection that died is replaced";
}

TEST_P(FlakySession, ThatStoodStillInATransactionRepeatsIt) {
  const auto session = open(std::make_shared<OutageClock>(kLong));
  int runs = 0;
  const auto done = session->in_transaction(kShort, End::commit, [&](SqlTransaction& tx) {
    if (++runs > 1) return;
    const std::string process = tx.run("select pg_backend_pid()::text");
    const auto deadline = SteadyClock::now() + Endpoint::kPatience;
    while (database().value("select count(*) from pg_stat_activity where pid = " + process) !=
               "0" &&
           SteadyClock::now() < deadline) {
      std::this_thread::yield();
    }
    tx.run("select 'too late'");
  });
  EXPECT_TRUE(done) << done.error().message;
  EXPECT_EQ(2, runs);
}

TEST_P(FlakySession, WaitsForARoomWhereThereAreTooManyConnections) {
  const std::string role =
      "role_" + database().value("select replace(gen_random_uuid()::text, '-', '')");
  database().execute(fmt::format("create role {} login", role));
  std::string url = proxy_->url();
  url.replace(url.find("postgres@"), 8, role);
  auto session = PostgresSession::open(url, std::make_shared<OutageClock>(kLong));
  ASSERT_TRUE(session) << session.error().message;
  database().execute(fmt::format("alter role {} connection limit 0", role));
  proxy_->cut();
  auto done = std::async(std::launch::async, [&] { return ask(**session); });
  EXPECT_TRUE(proxy_->wait_for_connections(3));
  database().execute(fmt::format("alter role {} connection limit -1", role));
  EXPECT_TRUE(done.get());
  session->reset();
  database().execute("drop role " + role);
}

TEST_P(FlakySession, TellsErrorsApart) {
  const auto kind_of = [&](std::string_view sqlstate) {
    const auto session = open(std::make_shared<OutageClock>(milliseconds{0}));
    const auto done = session->in_transaction(kShort, End::commit, [&](SqlTransaction& tx) {
      tx.run(fmt::format("do $$ begin raise exception 'because' using errcode = '{}'; end $$",
                         sqlstate));
    });
    return done ? std::optional<ErrorKind>{} : done.error().kind;
  };
  for (const char* state : {"57014", "55P03", "40001", "40P01"}) {
    EXPECT_EQ(ErrorKind::busy, kind_of(state)) << state;
  }
  for (const char* state :
       {"57P01", "57P02", "57P03", "08006", "53100", "53300", "25006", "58030"}) {
    EXPECT_EQ(ErrorKind::unavailable, kind_of(state)) << state;
  }
  for (const char* state : {"P0001", "22P02", "23503", "23505", "54000"}) {
    EXPECT_EQ(ErrorKind::refused, kind_of(state)) << state;
  }
  for (const char* state : {"42P01", "42501", "3D000", "28000"}) {
    EXPECT_EQ(ErrorKind::misconfigured, kind_of(state)) << state;
  }
}

TEST_P(FlakySession, SaysNothingOfWhatTheServerQuotes) {
  const auto session = open(std::make_shared<OutageClock>(kLong));
  const auto done = session->in_transaction(kShort, End::commit, [](SqlTransaction& tx) {
    tx.run("create temp table t (secret text primary key) on commit drop");
    tx.run("insert into t values (:a), (:b)", {{"a", "secret-1"}, {"b", "secret-1"}});
  });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("23505"));
  EXPECT_THAT(done.error().message, testing::Not(HasSubstr("secret-1")));
}

}  // namespace
}  // namespace autoreply::test

#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/commit_statement.h"
#include "store/postgres/postgres_session.h"
#include "support/endpoint.h"
#include "support/flaky_proxy.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using End = PostgresSession::End;
using Fate = FlakyProxy::Fate;
using SteadyClock = std::chrono::steady_clock;

/// Limits that spare a test a long wait for a silent peer.
constexpr TransactionLimits kShort{.lock = milliseconds{200},
                                   .statement = milliseconds{300},
                                   .idle = milliseconds{500},
                                   .network = milliseconds{400}};
constexpr milliseconds kLong{60'000};
/// Longer than anything here takes, and far shorter than the bounds that must not be reached.
constexpr milliseconds kSoon{8'000};

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

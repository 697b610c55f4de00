#include "run/breakers.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/store_batchers.h"
#include "support/fake_store.h"

namespace autoreply::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Sign = CallReport::Sign;

const Peer kPeer{"provider:1", "openai at api.openai.com"};

class BreakersTest : public testing::Test {
 protected:
  /// Passes on the peer's breaker as if a claim had read it just now.
  void learn(const Breaker& breaker) {
    Claim claim;
    claim.at = database_.queue.now;
    claim.breakers = {{kPeer, breaker}};
    breakers_.learn(claim);
  }

  static BreakerReport report(const std::string& job, Sign sign) {
    return {.peer = kPeer,
            .report = {.job = {job}, .sign = sign, .began_at = 2'000'000, .workspace_id = "ws"},
            .rules = kProviderRules};
  }

  Reported count(const BreakerReport& report) { return Loop().run(breakers_.report(report)); }

  [[nodiscard]] std::string objection(const ClaimedJob& job = {}) const {
    const auto found = breakers_.objection({kPeer}, job);
    return found ? found->reason : "";
  }

  FakeDatabase database_;
  StoreBatchers store_{database_.opener()};
  const Log log_{LogLevel::error, LogFormat::text, "run"};
  steady_clock::time_point now_;
  Breakers breakers_{store_, log_, [this] { return now_; }};
};

TEST_F(BreakersTest, ObjectToNothingTheyKnowNothingOf) {
  EXPECT_EQ("", objection());
}

TEST_F(BreakersTest, ObjectToAPeerThatIsDownUnlessTheJobIsItsProbe) {
  Breaker open;
  open.opened_at = database_.queue.now;
  learn(open);
  EXPECT_EQ("openai at api.openai.com is down", objection());
  EXPECT_EQ("", objection({.probes = {kPeer.name}}));
}

TEST_F(BreakersTest, ObjectToAThrottledPeerUntilItsTimeIsOver) {
  Breaker throttled;
  throttled.blocked_until = database_.queue.now + 20'000;
  learn(throttled);
  EXPECT_EQ("openai at api.openai.com takes no more for now", objection());
  now_ += seconds(19);
  EXPECT_NE("", objection());
  now_ += seconds(1);
  EXPECT_EQ("", objection());
}

TEST_F(BreakersTest, LetFewThroughWhileAPeerIsLoadedSlowly) {
  Breaker slow;
  slow.in_flight_max = 1;
  learn(slow);
  const Breakers::Call first(breakers_, {kPeer});
  EXPECT_EQ("", objection()) << "the call itself counts";
  {
    const Breakers::Call second(breakers_, {kPeer});
    EXPECT_NE("", objection());
  }
  EXPECT_EQ("", objection());
}

TEST_F(BreakersTest, LearnFromAReportThatOpensOne) {
  for (const char* job : {"1", "2", "3"}) count(report(job, Sign::down));
  EXPECT_NE("", objection());
}

TEST_F(BreakersTest, KeepTheNewestStateIfAnswersOvertakeEachOther) {
  Breaker open;
  open.opened_at = open.changed_at = 2'000;
  learn(open);
  Breaker before;
  before.changed_at = 1'000;
  learn(before);
  EXPECT_NE("", objection());
}

TEST_F(BreakersTest, WriteNoSuccessThatChangesNothing) {
  int reports = 0;
  database_.before = [&](FakeDatabase::Operation) { ++reports; };
  learn({});
  for (int call = 0; call < 5; ++call) count(report("1", Sign::up));
  EXPECT_EQ(0, reports);
  ASSERT_THAT(breakers_.take_accepted(), SizeIs(1)) << "once for all of them";
  EXPECT_THAT(breakers_.take_accepted(), IsEmpty());
  EXPECT_EQ("1", breakers_.last_accepted(kPeer.name)->job);
}

TEST_F(BreakersTest, TellWhenAPeerLastAcceptedByTheDatabasesClock) {
  learn({});
  now_ += milliseconds{1'500};
  count(report("1", Sign::up));
  EXPECT_EQ(database_.queue.now + 1'500, breakers_.last_accepted(kPeer.name)->at);
}

TEST_F(BreakersTest, GoOnWithWhatTheyKnowIfAReportCannotBeWritten) {
  database_.fail_next(FakeDatabase::Operation::breakers, ErrorKind::unavailable, 9);
  EXPECT_FALSE(count(report("1", Sign::down)).breaker.is_open());
  EXPECT_EQ("", objection());
}

TEST_F(BreakersTest, NameWhatRefusedThisRunsOwnCalls) {
  BreakerReport refusal = report("1", Sign::refused);
  refusal.report.scope = Scope::the_operator;
  refusal.report.reason = "replied 401";
  count(refusal);
  const auto refusing = breakers_.refusing();
  ASSERT_THAT(refusing, SizeIs(1));
  EXPECT_EQ(kPeer.name, refusing.front().peer.name);
  EXPECT_EQ("replied 401", objection());
}

TEST_F(BreakersTest, ListTheJobsWhoseRejectionsManyGotInTheSameWords) {
  Breaker rejecting;
  rejecting.rejections = {{.job = "1", .workspace_id = "ws", .in_row = true},
                          {.job = "2", .workspace_id = "ws", .in_row = false}};
  learn(rejecting);
  const auto wronged = breakers_.wronged();
  ASSERT_THAT(wronged, SizeIs(1));
  ASSERT_THAT(wronged.front().jobs, SizeIs(1));
  EXPECT_EQ("1", wronged.front().jobs.front().id.value);
}

}  // namespace
}  // namespace autoreply::test

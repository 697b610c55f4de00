#include "job/breaker.h"

#include <string>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using Sign = CallReport::Sign;
using std::chrono::seconds;

const BreakerRules kRules;

/// A breaker whose clock advances by a second with every report.
class Tried {
 public:
  Tried& report(const std::string& job, Sign sign, bool probe = false) {
    now_ += 1'000;
    return report_of_call_at(now_, job, sign, probe);
  }

  Tried& report_of_call_at(DatabaseTime began,
                           const std::string& job,
                           Sign sign,
                           bool probe = false) {
    breaker = after_report(breaker, {{job}, sign, began, probe}, now_, kRules);
    return *this;
  }

  Tried& failures(int count) {
    for (int number = 0; number < count; ++number) {
      report("job-" + std::to_string(number), Sign::down);
    }
    return *this;
  }

  void pass(seconds time) { now_ += time.count() * 1'000; }
  [[nodiscard]] Admission::Kind admitted() const { return admission(breaker, now_).kind; }
  [[nodiscard]] DatabaseTime now() const { return now_; }

  Breaker breaker;

 private:
  DatabaseTime now_ = 1'700'000'000'000;
};

TEST(Breaker, OpensAfterFiveFailuresOfDifferentJobs) {
  Tried tried;
  tried.failures(4);
  EXPECT_FALSE(tried.breaker.is_open());
  EXPECT_EQ(Admission::Kind::all, tried.admitted());
  tried.report("job-4", Sign::down);
  EXPECT_TRUE(tried.breaker.is_open());
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
}

TEST(Breaker, OpensAfterThreeFailuresOfOneJob) {
  Tried tried;
  tried.report("job", Sign::down).report("job", Sign::down);
  EXPECT_FALSE(tried.breaker.is_open());
  tried.report("job", Sign::down);
  EXPECT_TRUE(tried.breaker.is_open());
}

TEST(Breaker, IsNotOpenedByOneJobWhoseNeighboursAreAnswered) {
  Tried tried;
  for (int count = 0; count < 20; ++count) {
    tried.report("job", Sign::down).report("neighbour", Sign::up);
  }
  EXPECT_FALSE(tried.breaker.is_open());
}

TEST(Breaker, CountsConsecutiveFailuresOnly) {
  Tried tried;
  tried.failures(4).report("another", Sign::up);
  EXPECT_TRUE(tried.breaker.is_clean());
  tried.failures(4);
  EXPECT_FALSE(tried.breaker.is_open());
}

TEST(Breaker, LearnsNothingFromJobsThatMadeNoCall) {
  Tried tried;
  tried.failures(4);
  const Breaker before = tried.breaker;
  tried.report("job-4", Sign::nothing);
  EXPECT_EQ(before, tried.breaker);
}

TEST(Breaker, LetsOneProbeThroughAfterFiveSeconds) {
  Tried tried;
  tried.failures(5);
  tried.pass(seconds{4});
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
  tried.pass(seconds{1});
  EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
  tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
}

TEST(Breaker, IsNotKeptFromProbingByAProberThatDied) {
  Tried tried;
  tried.failures(5);
  tried.pass(seconds{5});
  tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
  tried.pass(seconds{119});
  EXPECT_EQ(Admission::Kind::none, tried.admitted());
  tried.pass(seconds{1});
  EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
}

TEST(Breaker, LetsAnotherProbeThroughWhereTheFirstMadeNoCall) {
  Tried tried;
  tried.failures(5);
  tried.pass(seconds{5});
  tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
  tried.report("probe", Sign::nothing, true);
  EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
}

TEST(Breaker, ClosesAfterAProbeThatIsAnswered) {
  Tried tried;
  tried.failures(5);
  tried.report("probe", Sign::up, true);
  EXPECT_TRUE(tried.breaker.is_clean());
  EXPECT_EQ(Admission::Kind::all, tried.admitted());
  tried.failures(4);
  EXPECT_FALSE(tried.breaker.is_open());
}

TEST(Breaker, DoublesThePauseAfterEachFailedProbeUpToFiveMinutes) {
  Tried tried;
  tried.failures(5);
  for (const int expected : {10, 20, 40, 80, 160, 300, 300}) {
    tried.pass(seconds{300});
    tried.breaker = with_probe(tried.breaker, tried.now(), seconds{120});
    tried.report("probe", Sign::down, true);
    EXPECT_EQ(seconds{expected}, tried.breaker.pause);
    tried.pass(seconds{expected - 1});
    EXPECT_EQ(Admission::Kind::none, tried.admitted());
    tried.pass(seconds{1});
    EXPECT_EQ(Admission::Kind::one_probe, tried.admitted());
  }
}

TEST(Breaker, LearnsNothingFromCallsThatBeganBeforeItsLastChange) {
  Tried tried;
  const DatabaseTime before = tried.now();
  tried.failures(5);
  const Breaker open = tried.breaker;
  tried.report_of_call_at(before, "slow", Sign::up);
  EXPECT_EQ(open, tried.breaker) << "a late success does not close it";
  tried.report("probe", Sign::up, true);
  for (int late = 0; late < 9; ++late) {
    tried.report_of_call_at(before, std::to_string(late), Sign::down);
  }
  EXPECT_TRUE(tried.breaker.is_clean()) << "late failures do not open it";
}

TEST(Breaker, KeepsItsPauseWhenOthersThanTheProbeFail) {
  Tried tried;
  tried.failures(5);
  const Breaker open = tried.breaker;
  tried.report("job-9", Sign::down);
  EXPECT_EQ(open, tried.breaker);
}

/// The breaker of a provider's key. Its clock advances by a second with every report.
class TriedKey {
 public:
  TriedKey& report(const std::string& job,
                   Sign sign,
                   bool probe = false,
                   seconds wait = seconds{0}) {
    now_ += 1'000;
    return report_of_call_at(now_, job, sign, probe, wait);
  }
  TriedKey& report_of_call_at(DatabaseTime began,
                              const std::string& job,
                              Sign sign,
                              bool probe = false,
                              seconds wait = seconds{0}) {
    breaker = after_report(breaker, {{job}, sign, began, probe, wait}, now_, kProviderRules);
    return *this;
  }
  TriedKey& open() {
    for (const char* job : {"1", "2", "3"}) report(job, Sign::down);
    return *this;
  }
  TriedKey& successes(int count) {
    for (int number = 0; number < count; ++number) report("up", Sign::up);
    return *this;
  }
  void pass(seconds time) { now_ += time.count() * 1'000; }
  [[nodiscard]] Admission admitted() const { return admission(breaker, now_); }
  [[nodiscard]] DatabaseTime now() const { return now_; }

  Breaker breaker;

 private:
  DatabaseTime now_ = 1'700'000'000'000;
};

using Kind = Admission::Kind;

TEST(ProviderBreaker, OpensAfterThreeFailuresOfDifferentJobs) {
  TriedKey key;
  key.report("2", Sign::down).report("other", Sign::up).report("3", Sign::down);
  EXPECT_EQ(Kind::all, key.admitted().kind) << "others succeed";
  EXPECT_EQ(Kind::none, key.open().admitted().kind);
}

TEST(ProviderBreaker, IsLoadedSlowlyAfterItClosed) {
  TriedKey key;
  key.open().report("probe", Sign::up, true);
  for (const int expected : {1, 2, 4, 8, 16, 32, 64}) {
    EXPECT_EQ((Admission{Kind::few, expected}), key.admitted());
    key.successes(expected);
  }
  EXPECT_EQ(Kind::all, key.admitted().kind);
  EXPECT_TRUE(key.breaker.is_clean());
}

TEST(ProviderBreaker, LeavesAThrottledKeyAloneAsLongAsItAsks) {
  TriedKey key;
  key.report("1", Sign::throttled, false, seconds{20});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{19});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{1});
  EXPECT_EQ((Admission{Kind::few, 1}), key.admitted());
  key.successes(1);
  EXPECT_EQ((Admission{Kind::few, 2}), key.admitted());
  EXPECT_FALSE(key.breaker.blocked_until);
}

TEST(ProviderBreaker, TakesTheLongestOfSeveralWaits) {
  TriedKey key;
  const DatabaseTime began = key.now();
  key.report("1", Sign::throttled, false, seconds{300});
  key.report_of_call_at(began, "2", Sign::throttled, false, seconds{5});
  key.pass(seconds{290});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  TriedKey other;
  const DatabaseTime before = other.now();
  other.report("1", Sign::throttled, false, seconds{5});
  other.report_of_call_at(before, "2", Sign::throttled, false, seconds{60});
  other.pass(seconds{50});
  EXPECT_EQ(Kind::none, other.admitted().kind) << "a late answer tells the wait all the same";
}

TEST(ProviderBreaker, IsNotUnblockedByAnAnswerToAnEarlierCall) {
  TriedKey key;
  const DatabaseTime began = key.now();
  key.report("1", Sign::throttled, false, seconds{20});
  key.report_of_call_at(began, "2", Sign::up);
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.report("3", Sign::up);
  EXPECT_EQ(Kind::none, key.admitted().kind);
}

TEST(ProviderBreaker, StaysOpenAfterAProbeThatWasThrottled) {
  TriedKey key;
  key.open();
  const auto pause = key.breaker.pause;
  key.pass(seconds{5});
  ASSERT_EQ(Kind::one_probe, key.admitted().kind);
  key.breaker = with_probe(key.breaker, key.now(), seconds{120});
  key.report("probe", Sign::throttled, true, seconds{30});
  EXPECT_TRUE(key.breaker.is_open());
  EXPECT_EQ(pause, key.breaker.pause);
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{30});
  EXPECT_EQ(Kind::one_probe, key.admitted().kind);
}

TEST(ProviderBreaker, IsClosedByItsProbeWhateverAnEarlierCallIsAnswered) {
  TriedKey key;
  const DatabaseTime earlier = key.now();
  key.open();
  key.pass(seconds{5});
  key.breaker = with_probe(key.breaker, key.now(), seconds{120});
  const DatabaseTime probe_began = key.now();
  key.pass(seconds{3});
  key.report_of_call_at(earlier, "late", Sign::throttled, false, seconds{10});
  EXPECT_TRUE(key.breaker.probing_until) << "the probe is still under way";
  key.pass(seconds{1});
  key.report_of_call_at(probe_began, "probe", Sign::up, true);
  EXPECT_FALSE(key.breaker.is_open());
  EXPECT_EQ(Kind::none, key.admitted().kind) << "the wait is obeyed all the same";
  key.pass(seconds{10});
  EXPECT_EQ((Admission{Kind::few, 1}), key.admitted());
}

TEST(ProviderBreaker, LeavesAKeyAloneThatIsDownForAsLongAsItSays) {
  TriedKey key;
  key.report("1", Sign::down, false, seconds{60});
  EXPECT_FALSE(key.breaker.is_open());
  key.pass(seconds{59});
  EXPECT_EQ(Kind::none, key.admitted().kind);
  key.pass(seconds{1});
  EXPECT_EQ(Kind::all, key.admitted().kind);
  key.report("2", Sign::down).report("3", Sign::down);
  EXPECT_TRUE(key.breaker.is_open()) << "it counts as a failure, too";
}

TEST(ProviderBreaker, OpensAgainWhileItIsLoadedSlowly) {
  TriedKey key;
  key.open().report("probe", Sign::up, true).open();
  EXPECT_TRUE(key.breaker.is_open());
  EXPECT_EQ(Kind::none, key.admitted().kind);
}

TEST(ProviderBreaker, KnowsSinceWhenThePeerFails) {
  TriedKey key;
  key.report("1", Sign::down);
  const DatabaseTime since = key.now();
  key.report("2", Sign::down).report("3", Sign::down);
  EXPECT_EQ(since, key.breaker.failing_since);
  key.report("probe", Sign::up, true);
  EXPECT_FALSE(key.breaker.failing_since);
}

/// The breaker of a peer that refuses or rejects. Its clock advances by a second with every report.
class Rejecting {
 public:
  Rejecting& accepts(const std::string& workspace, const std::string& job = "accepted") {
    return report({.job = {job}, .sign = Sign::up, .workspace_id = workspace});
  }
  /// A rejection that counts as evidence by itself.
  Rejecting& rejects(const std::string& workspace, const std::string& contact, bool probe = false) {
    return report({.job = {contact},
                   .sign = Sign::rejected,
                   .probe = probe,
                   .workspace_id = workspace,
                   .contact_id = contact,
                   .scope = Scope::the_operator,
                   .reason = "HTTP 404",
                   .words = "404",
                   .evident = true});
  }
  /// A rejection that counts only if many get it in the same words.
  Rejecting& rejects_in(const std::string& words,
                        const std::string& workspace,
                        const std::string& contact) {
    return report({.job = {contact},
                   .sign = Sign::rejected,
                   .workspace_id = workspace,
                   .contact_id = contact,
                   .scope = Scope::the_operator,
                   .words = words});
  }
  Rejecting& refuses(Scope scope, bool probe = false) {
    return report({.job = {"job"},
                   .sign = Sign::refused,
                   .probe = probe,
                   .workspace_id = "ws",
                   .scope = scope,
                   .reason = "no credit"});
  }
  void pass(seconds time) { now_ += time.count() * 1'000; }
  [[nodiscard]] Kind admitted() const { return admission(breaker, now_).kind; }
  [[nodiscard]] Scope scope(const std::string& workspace, const std::string& words = "404") const {
    return scope_by_evidence(breaker, workspace, words, lone_workspace);
  }

  Breaker breaker;
  bool lone_workspace = false;

 private:
  Rejecting& report(CallReport report) {
    now_ += 1'000;
    report.began_at = now_;
    report.lone_workspace = lone_workspace;
    breaker = after_report(breaker, report, now_, kRules);
    return *this;
  }

  DatabaseTime now_ = 1'700'000'000'000;
};

TEST(Refusal, OpensAtOnceAndIsProbedAfterAMinute) {
  Rejecting peer;
  peer.refuses(Scope::the_operator);
  EXPECT_TRUE(peer.breaker.is_open());
  EXPECT_EQ(Scope::the_operator, peer.breaker.scope);
  EXPECT_EQ("no credit", peer.breaker.reason);
  peer.pass(seconds{59});
  EXPECT_EQ(Kind::none, peer.admitted());
  peer.pass(seconds{1});
  EXPECT_EQ(Kind::one_probe, peer.admitted());
}

TEST(Refusal, IsProbedUpToEveryFiveMinutesIfItIsTheOperators) {
  Rejecting peer;
  peer.refuses(Scope::the_operator);
  for (const int expected : {120, 240, 300, 300}) {
    peer.pass(seconds{1'000});
    peer.refuses(Scope::the_operator, true);
    EXPECT_EQ(seconds{expected}, peer.breaker.pause);
  }
}

TEST(Refusal, IsProbedUpToEveryQuarterOfAnHourIfItIsTheWorkspaces) {
  Rejecting peer;
  peer.refuses(Scope::workspace);
  for (const int expected : {120, 240, 480, 900, 900}) {
    peer.pass(seconds{1'000});
    peer.refuses(Scope::workspace, true);
    EXPECT_EQ(seconds{expected}, peer.breaker.pause);
  }
}

TEST(Refusal, EndsWithAnAnswer) {
  Rejecting peer;
  peer.refuses(Scope::the_operator).accepts("ws");
  EXPECT_TRUE(peer.breaker.is_clean()) << "the workspace's own acceptance forgets its refusal";
  EXPECT_EQ(Kind::all, peer.admitted());
}

TEST(Refusal, IsTheWorkspacesIfOthersAreAnsweredWithTheSameKey) {
  Rejecting peer;
  peer.refuses(Scope::the_operator);
  EXPECT_FALSE(is_refused_alone(peer.breaker, "ws"));
  peer.accepts("another");
  EXPECT_TRUE(is_refused_alone(peer.breaker, "ws"));
  EXPECT_FALSE(is_refused_alone(peer.breaker, "another"));
  peer.accepts("ws");
  EXPECT_FALSE(is_refused_alone(peer.breaker, "ws"));
}

TEST(Evidence, BlamesTheOwnerOfAPeerThatNeverAcceptedAnything) {
  Rejecting peer;
  peer.rejects("a", "1");
  EXPECT_EQ(Scope::the_operator, peer.scope("a"));
  EXPECT_TRUE(peer.breaker.is_open());
  EXPECT_EQ(Scope::the_operator, peer.breaker.scope);
}

TEST(Evidence, BlamesTheJobIfOthersAreAccepted) {
  Rejecting peer;
  peer.accepts("a").rejects("a", "1");
  EXPECT_EQ(Scope::job, peer.scope("a"));
  EXPECT_FALSE(peer.breaker.is_open());
}

TEST(Evidence, BlamesTheOwnerIfTwoWorkspacesAreRejectedInARow) {
  Rejecting peer;
  peer.accepts("a").rejects("a", "1").rejects("b", "2");
  EXPECT_EQ(Scope::the_operator, peer.scope("b"));
  EXPECT_TRUE(peer.breaker.is_open());
}

TEST(Evidence, BlamesNoOwnerIfSomethingWasAcceptedInBetween) {
  Rejecting peer;
  peer.accepts("a").rejects("a", "1").accepts("c").rejects("b", "2");
  EXPECT_EQ(Scope::job, peer.scope("b"));
}

TEST(Evidence, BlamesTheOwnerIfTheOnlyWorkspaceIsRejectedTwice) {
  Rejecting peer;
  peer.lone_workspace = true;
  peer.accepts("a").rejects("a", "1");
  EXPECT_EQ(Scope::job, peer.scope("a"));
  peer.rejects("a", "1");
  EXPECT_EQ(Scope::the_operator, peer.scope("a"));
}

TEST(Evidence, BlamesTheWorkspaceIfThreeOfItsContactsAreRejectedAndOthersAccepted) {
  Rejecting peer;
  peer.accepts("b").rejects("a", "1").accepts("b").rejects("a", "2").accepts("b");
  EXPECT_EQ(Scope::job, peer.scope("a"));
  peer.rejects("a", "3");
  EXPECT_EQ(Scope::workspace, peer.scope("a"));
  EXPECT_FALSE(peer.breaker.is_open());
}

TEST(Evidence, ForgetsAWorkspacesRejectionsOnceItIsAccepted) {
  Rejecting peer;
  peer.accepts("b").rejects("a", "1").rejects("a", "2").accepts("a");
  peer.rejects("a", "3");
  EXPECT_EQ(Scope::job, peer.scope("a"));
}

TEST(Evidence, LeavesTheBreakerOpenIfAProbeIsRejectedAgain) {
  Rejecting peer;
  peer.rejects("a", "1");
  peer.pass(seconds{60});
  peer.rejects("a", "2", true);
  EXPECT_TRUE(peer.breaker.is_open());
  EXPECT_EQ(seconds{120}, peer.breaker.pause);
}

TEST(Evidence, TakesFiveContactsInARowWithTheSameWordsForMoreThanTheJobs) {
  Rejecting peer;
  peer.accepts("a");
  for (const char* contact : {"1", "2", "3", "4"}) peer.rejects_in("x", "a", contact);
  EXPECT_EQ(Scope::job, peer.scope("a", "x"));
  peer.rejects_in("x", "b", "5");
  EXPECT_EQ(Scope::the_operator, peer.scope("b", "x"));
  EXPECT_TRUE(peer.breaker.is_open());
}

TEST(Evidence, TakesOneContactWithManyRejectionsForOne) {
  Rejecting peer;
  peer.accepts("a");
  for (int count = 0; count < 9; ++count) peer.rejects_in("x", "a", "1");
  EXPECT_EQ(Scope::job, peer.scope("a", "x"));
}

TEST(Evidence, CountsOnlyOneKindOfWordsInARow) {
  Rejecting peer;
  peer.accepts("a");
  for (const char* contact : {"1", "2", "3", "4"}) peer.rejects_in("x", "a", contact);
  peer.rejects_in("y", "a", "5").rejects_in("x", "a", "6");
  EXPECT_EQ(Scope::job, peer.scope("a", "x"));
}

TEST(Evidence, IsForgottenAfterADay) {
  Rejecting peer;
  peer.accepts("b").rejects("a", "1").accepts("b").rejects("a", "2").accepts("b");
  peer.pass(std::chrono::hours{25});
  peer.rejects("a", "3");
  EXPECT_EQ(Scope::job, peer.scope("a"));
}

TEST(Evidence, CountsAWorkspacesRowWhileOthersAreAccepted) {
  Rejecting peer;
  for (const char* contact : {"1", "2", "3", "4", "5"}) {
    peer.accepts("b").rejects_in("x", "a", contact);
  }
  peer.accepts("b");
  EXPECT_EQ(Scope::workspace, peer.scope("a", "x"));
  EXPECT_FALSE(peer.breaker.is_open());
}

}  // namespace
}  // namespace autoreply

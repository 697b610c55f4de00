// Peers that refuse or reject: what opens the breaker, and whose fault it is.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "job/breaker.h"

namespace autoreply {
namespace {

using Kind = Admission::Kind;
using Sign = CallReport::Sign;
using std::chrono::seconds;

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
    breaker = after_report(breaker, report, now_, BreakerRules{});
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

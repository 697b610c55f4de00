#include "settle/judge.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using Kind = AttemptResult::Kind;
using std::chrono::hours;
using std::chrono::seconds;

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::delivered:
      return "delivered";
    case Kind::skip:
      return "skip";
    case Kind::retry:
      return "retry";
    case Kind::reject:
      return "reject";
    case Kind::defer:
      return "defer";
    case Kind::in_doubt:
      return "in_doubt";
    case Kind::not_started:
      return "not_started";
    case Kind::lost:
      break;
  }
  return "lost";
}

struct Case {
  const char* name;
  Finding finding;
  Circumstances now;
  const char* kind;
  Scope scope = Scope::job;
};

void expect_all(PeerKind kind, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const AttemptResult result = judge(kind, {.finding = one.finding, .reason = "r"}, one.now);
    EXPECT_EQ(one.kind, name_of(result.kind)) << one.name;
    EXPECT_EQ(to_string(one.scope), to_string(result.scope)) << one.name;
  }
}

constexpr Circumstances kPlain{};
constexpr Circumstances kLast{.last_attempt = true};
constexpr Circumstances kLastWithNeighbours{.last_attempt = true, .neighbour_accepted = true};
constexpr Circumstances kNeighbours{.neighbour_accepted = true};
constexpr Circumstances kOpen{.is_open = true};
constexpr Circumstances kOpenButCounting{.is_open = true, .outage_counts = true};
constexpr Circumstances kCounting{.outage_counts = true};
constexpr Circumstances kLastCounting{.last_attempt = true, .outage_counts = true};
constexpr Circumstances kWorkspaces{.scope = Scope::workspace};
constexpr Circumstances kOperators{.scope = Scope::the_operator};

TEST(Judge, FollowsTheTableOfProvidersAnswers) {
  expect_all(
      PeerKind::provider,
      {
          {"refused key of the operator",
           Finding::account_refused,
           kOperators,
           "defer",
           Scope::the_operator},
          {"refused key of the tenant",
           Finding::account_refused,
           kWorkspaces,
           "defer",
           Scope::workspace},
          {"content filter", Finding::content_refused, kPlain, "reject"},
          {"content filter for many", Finding::content_refused, kOperators, "reject"},
          {"unknown model", Finding::setting_refused, kPlain, "defer", Scope::workspace},
          {"forbidden base_url", Finding::wrong_settings, kPlain, "defer", Scope::workspace},
          {"no key at all", Finding::no_operator_key, kOperators, "defer", Scope::the_operator},
          {"throttled", Finding::throttled, kLast, "defer"},
          {"unreachable", Finding::unreachable, kLast, "defer"},
          {"unreachable, outages count", Finding::unreachable, kCounting, "retry"},
          {"down", Finding::down, kPlain, "retry"},
          {"down and open", Finding::down, kOpen, "defer"},
          {"down and open, outages count", Finding::down, kOpenButCounting, "retry"},
          {"down at last", Finding::down, kLast, "defer"},
          {"down at last, neighbours answered", Finding::down, kLastWithNeighbours, "retry"},
          {"down at last, outages count", Finding::down, kLastCounting, "retry"},
          {"cut", Finding::cut, kLast, "retry"},
          {"empty", Finding::empty, kPlain, "retry"},
          {"empty for many", Finding::empty, kWorkspaces, "defer", Scope::workspace},
          {"faulty", Finding::faulty, kLast, "retry"},
          {"faulty for many", Finding::faulty, kOperators, "defer", Scope::the_operator},
          {"no descriptors", Finding::no_resources, kLast, "defer"},
          {"stopped", Finding::not_sent, kPlain, "not_started"},
      });
}

TEST(Judge, FollowsTheTableOfTheCallbacksAnswers) {
  expect_all(
      PeerKind::callback,
      {
          {"carrier's opt-out", Finding::opted_out, kPlain, "skip"},
          {"taken", Finding::accepted, kPlain, "delivered"},
          {"a page of HTML", Finding::web_page, kPlain, "in_doubt"},
          {"a page of HTML to all", Finding::web_page, kOperators, "in_doubt", Scope::the_operator},
          {"unreachable", Finding::unreachable, kLast, "defer"},
          {"unreachable, outages count", Finding::unreachable, kLastCounting, "retry"},
          {"429", Finding::throttled, kLast, "defer"},
          {"503", Finding::busy, kLast, "defer"},
          {"503, neighbours delivered", Finding::busy, kNeighbours, "retry"},
          {"503, neighbours delivered, open",
           Finding::busy,
           {.is_open = true, .neighbour_accepted = true},
           "defer"},
          {"503, outages count", Finding::busy, kCounting, "retry"},
          {"409", Finding::conflict, kPlain, "retry"},
          {"no answer", Finding::unanswered, kPlain, "in_doubt"},
          {"404 to one", Finding::misdirected, kPlain, "defer"},
          {"404 to one, neighbours delivered", Finding::misdirected, kNeighbours, "retry"},
          {"404 to a workspace", Finding::misdirected, kWorkspaces, "defer", Scope::workspace},
          {"404 to all", Finding::misdirected, kOperators, "defer", Scope::the_operator},
          {"400", Finding::rejected, kPlain, "reject"},
          {"400 to many", Finding::rejected, kOperators, "defer", Scope::the_operator},
          {"invalid number", Finding::invalid_recipient, kPlain, "reject"},
          {"invalid numbers of many", Finding::invalid_recipient, kOperators, "reject"},
          {"stopped", Finding::not_sent, kPlain, "not_started"},
      });
}

TEST(Judge, TakesBackTheSendOfADefiniteRefusalOnly) {
  for (const auto& [finding, took_back] :
       std::vector<std::pair<Finding, bool>>{{Finding::accepted, false},
                                             {Finding::unanswered, false},
                                             {Finding::web_page, false},
                                             {Finding::opted_out, true},
                                             {Finding::unreachable, true},
                                             {Finding::throttled, true},
                                             {Finding::busy, true},
                                             {Finding::conflict, true},
                                             {Finding::misdirected, true},
                                             {Finding::rejected, true},
                                             {Finding::invalid_recipient, true},
                                             {Finding::not_sent, true}}) {
    EXPECT_EQ(took_back, judge(PeerKind::callback, {.finding = finding}, {}).took_back_send)
        << static_cast<int>(finding);
  }
}

TEST(Judge, ChargesNoAttemptForADoubtThatAnOutageCaused) {
  const Answer answer{.finding = Finding::unanswered};
  EXPECT_TRUE(judge(PeerKind::callback, answer, kPlain).uses_attempt);
  EXPECT_FALSE(judge(PeerKind::callback, answer, kOpen).uses_attempt);
  EXPECT_TRUE(judge(PeerKind::callback, answer, kOpenButCounting).uses_attempt);
}

TEST(Judge, LetsARowWaitNoLongerThanAMinuteForAThrottleThatTheBreakerKnows) {
  const Answer answer{.finding = Finding::throttled, .wait = hours{1}};
  EXPECT_EQ(seconds{60}, judge(PeerKind::provider, answer, {}).wait);
  const Answer silent{.finding = Finding::throttled};
  EXPECT_EQ(seconds{30}, judge(PeerKind::provider, silent, {}).wait);
}

}  // namespace
}  // namespace autoreply

#include "claim/claim_jobs.h"

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "claim/waiting_jobs.h"
#include "support/claims.h"
#include "support/fake_queue.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const Peer kCallback{"callback:1", "the callback"};

class ClaimJobs : public testing::Test {
 protected:
  std::vector<ClaimedJob> claim(int limit) {
    Claim claim = claim_jobs(rules_, {"token"}, limit, queue_);
    return std::move(claim.jobs);
  }

  /// Claims jobs, removes them from the queue, and returns their workspaces.
  std::vector<std::string> served(int limit) {
    std::vector<std::string> workspaces;
    for (const ClaimedJob& job : claim(limit)) workspaces.push_back(job.job.workspace_id);
    queue_.finish_claimed();
    return workspaces;
  }

  /// Makes all workspaces share one provider key.
  void route_to(const std::string& provider) {
    rules_.route_of = [provider](const RouteRequest&) {
      return Route{.key = {"provider:" + provider, provider}};
    };
  }

  FakeQueue queue_;
  ClaimRequest rules_ = claim_request();
};

TEST_F(ClaimJobs, TakesWorkspacesInTurnFromOneClaimToTheNext) {
  for (const char* workspace : {"a", "b", "c"}) queue_.add_many(3, workspace);
  EXPECT_THAT(served(4), ElementsAre("a", "b", "c", "a"));
  EXPECT_THAT(served(2), ElementsAre("b", "c"));
  EXPECT_THAT(served(9), ElementsAre("a", "b", "c"));
}

TEST_F(ClaimJobs, GivesThePlacesOfSmallWorkspacesToThoseThatHaveMore) {
  queue_.add("small");
  queue_.add_many(50, "big");
  EXPECT_THAT(claim(20), SizeIs(20));
}

TEST_F(ClaimJobs, HoldsOneJobOfAContactAtMost) {
  queue_.add_many(5, "a", "contact");
  EXPECT_THAT(claim(10), SizeIs(1));
  EXPECT_THAT(claim(10), IsEmpty()) << "the contact is in flight";
}

TEST_F(ClaimJobs, FindsOtherContactsBehindOneThatFillsEveryWindow) {
  queue_.add_many(5'000, "a", "busy");
  queue_.add("a", "ffffffff-quiet");
  std::set<std::string> contacts;
  for (const ClaimedJob& job : claim(10)) contacts.insert(job.job.contact_id);
  EXPECT_THAT(contacts, UnorderedElementsAre("busy", "ffffffff-quiet"));
  EXPECT_LE(queue_.candidate_statements, 6);
}

TEST_F(ClaimJobs, AsksWithFewStatementsHoweverMuchWaits) {
  for (int number = 0; number < 100; ++number) queue_.add_many(20, "ws-" + std::to_string(number));
  EXPECT_THAT(claim(500), SizeIs(500));
  EXPECT_LE(queue_.candidate_statements, 4);
}

TEST_F(ClaimJobs, LeavesWhatIsOverTheLimitOfItsWorkspace) {
  rules_.limits.workspace_per_minute = 3;
  queue_.claimed_of_workspace["a"] = 1;
  queue_.add_many(5, "a");
  queue_.add_many(5, "b");
  EXPECT_THAT(served(10), UnorderedElementsAre("a", "a", "b", "b", "b"));
}

TEST_F(ClaimJobs, LeavesWhatIsOverTheLimitOfItsContact) {
  rules_.limits.contact_per_minute = 2;
  queue_.claimed_of_contact["chatty"] = 2;
  queue_.add("a", "chatty");
  queue_.add("a", "quiet");
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_EQ("quiet", jobs.front().job.contact_id);
}

TEST_F(ClaimJobs, LeavesWhatIsOverTheLimitOfAll) {
  rules_.limits.per_minute = 10;
  queue_.claimed_of_all = 8;
  queue_.add_many(5, "a");
  EXPECT_THAT(claim(5), SizeIs(2));
  queue_.claimed_of_all = 10;
  EXPECT_THAT(claim(5), IsEmpty());
}

TEST_F(ClaimJobs, LeavesWhatNeedsAReplyThatIsOverTheBudget) {
  rules_.limits.daily_budget = {.tokens = 100};
  queue_.spent["a"] = {{"1970-01-01", {.tokens = 100}}};  // the queue's day
  queue_.spent["b"] = {{"1969-12-31", {.tokens = 500}}, {"1970-01-01", {.tokens = 99}}};
  queue_.add_many(2, "a");
  queue_.add("a").recorded = true;
  queue_.add("b");
  const Waiting waiting = count_waiting_jobs(rules_, queue_);
  EXPECT_EQ(4, waiting.due);
  EXPECT_EQ(2, waiting.throttled);
  EXPECT_EQ(0, waiting.held_back);
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(2));
  for (const ClaimedJob& job : jobs) {
    EXPECT_TRUE(job.job.workspace_id == "b" || job.reply_log_id) << job.job.id.value;
  }
}

TEST_F(ClaimJobs, ProbesNoProviderOverTheBudget) {
  route_to("p");
  queue_.open({"provider:p", "p"}, true);
  rules_.limits.daily_budget = {.nanodollars = 100};
  queue_.spent["a"] = {{"1970-01-01", {.nanodollars = 100}}};
  queue_.add_many(2, "a");
  EXPECT_THAT(claim(10), IsEmpty());
  queue_.add("b");
  EXPECT_THAT(served(10), ElementsAre("b"));
}

TEST_F(ClaimJobs, EndsWhatHasExpiredOverTheBudget) {
  rules_.max_age = std::chrono::hours(24);
  rules_.limits.daily_budget = {.tokens = 100};
  queue_.spent["a"] = {{"1970-01-01", {.tokens = 100}}};
  queue_.add("a").expired = true;
  queue_.add("a");
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().calls_nobody);
}

TEST_F(ClaimJobs, TakesNothingUnderTheCallbacksOpenBreaker) {
  rules_.callback = kCallback;
  queue_.open(kCallback);
  queue_.add_many(5, "a");
  queue_.add("b").recorded = true;
  EXPECT_THAT(claim(10), IsEmpty());
}

TEST_F(ClaimJobs, LooksUpWhatIsInDoubtUnderTheCallbacksOpenBreaker) {
  rules_.callback = kCallback;
  queue_.open(kCallback);
  queue_.add("a").in_doubt = true;
  queue_.add("a");
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().in_doubt);
  EXPECT_TRUE(jobs.front().calls_nobody);
}

TEST_F(ClaimJobs, EndsWhatHasExpiredWhateverKeepsItFromBeingAnswered) {
  rules_.max_age = std::chrono::hours(24);
  rules_.limits.workspace_per_minute = 1;
  queue_.claimed_of_workspace["a"] = 1;
  queue_.add("a").expired = true;
  queue_.add("a");
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_TRUE(jobs.front().calls_nobody);
}

TEST_F(ClaimJobs, ProbesTheCallbackWithOneJobThatTheCustomerHasNotGotYet) {
  rules_.callback = kCallback;
  queue_.open(kCallback, true);
  queue_.add_many(3, "a");
  for (auto& row : queue_.rows) row.in_doubt = true;
  queue_.add("b");
  std::vector<ClaimedJob> probes;
  for (ClaimedJob& job : claim(10)) {
    if (!job.calls_nobody) probes.push_back(std::move(job));
  }
  ASSERT_THAT(probes, SizeIs(1));
  EXPECT_EQ("b", probes.front().job.workspace_id);
  EXPECT_THAT(probes.front().probes, ElementsAre(kCallback.name));
  EXPECT_TRUE(queue_.breakers[kCallback.name].breaker.probing_until);
}

TEST_F(ClaimJobs, TakesOnlyRecordedRepliesUnderAProvidersOpenBreaker) {
  route_to("openai");
  queue_.open({"provider:openai", "openai"});
  queue_.add_many(3, "a");
  const std::string recorded = queue_.add("a").id;
  queue_.row(recorded).recorded = true;
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_EQ(recorded, jobs.front().job.id.value);
}

TEST_F(ClaimJobs, ProbesAProviderWithOneJobOfAllItsWorkspaces) {
  route_to("openai");
  queue_.open({"provider:openai", "openai"}, true);
  for (const char* workspace : {"a", "b", "c"}) queue_.add_many(3, workspace);
  const auto jobs = claim(10);
  ASSERT_THAT(jobs, SizeIs(1));
  EXPECT_THAT(jobs.front().probes, ElementsAre("provider:openai"));
}

TEST_F(ClaimJobs, LoadsAProviderSlowlyAfterATrouble) {
  route_to("openai");
  queue_.breakers["provider:openai"].breaker.in_flight_max = 2;
  queue_.add_many(5, "a");
  EXPECT_THAT(claim(10), SizeIs(2));
  EXPECT_THAT(claim(10), IsEmpty()) << "two are in flight";
}

TEST_F(ClaimJobs, TakesNothingBeforeEveryKeyFileItNeedsIsRead) {
  rules_.route_of = [](const RouteRequest& request) -> std::optional<Route> {
    if (request.workspace_id == "b") return std::nullopt;
    return Route{};
  };
  queue_.add("a");
  queue_.add("b");
  try {
    claim(10);
    FAIL() << "no key was missed";
  } catch (const UnreadKeys& unread) {
    ASSERT_THAT(unread.routes, SizeIs(1));
    EXPECT_EQ("b", unread.routes.front().workspace_id);
  }
  EXPECT_THAT(queue_.in_flight(), IsEmpty());
}

TEST_F(ClaimJobs, FailsRatherThanHoldTwoJobsOfAContact) {
  queue_.add_many(2, "a");
  queue_.on_take = [](std::vector<ClaimedJob>& jobs) {
    for (ClaimedJob& job : jobs) job.job.contact_id = "the same";
  };
  EXPECT_THROW(claim(10), std::logic_error);
}

TEST_F(ClaimJobs, CountsWhatWaitsAndWhatForIt) {
  rules_.callback = kCallback;
  rules_.limits.contact_per_minute = 2;
  route_to("openai");
  queue_.open({"provider:openai", "openai"});
  queue_.claimed_of_contact["chatty"] = 2;
  queue_.add("a", "quiet");
  queue_.add("a", "chatty").recorded = true;
  const Waiting waiting = count_waiting_jobs(rules_, queue_);
  EXPECT_EQ(2, waiting.due);
  EXPECT_EQ(1, waiting.throttled);
  EXPECT_EQ(1, waiting.held_back);
  ASSERT_THAT(waiting.breakers, SizeIs(1));
  EXPECT_EQ("provider:openai", waiting.breakers.front().by.peer.name);
}

}  // namespace
}  // namespace autoreply::test

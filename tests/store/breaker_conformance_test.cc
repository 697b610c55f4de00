#include <future>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "run/breaker_reports.h"
#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class BreakerRow : public StoreTest {
 protected:
  const Peer kPeer{"callback:1", "callback http://host:80"};
  const Peer kNarrow{"callback:1/ws-1", "callback http://host:80 for workspace ws-1"};
  static constexpr DatabaseTime kLater = 4'000'000'000'000;  // later than any change in this test

  Reported report(const CallReport& call, const Peer& narrow = {}) {
    const std::vector<BreakerReport> reports{
        {.peer = kPeer, .report = call, .narrow = narrow, .narrows_failures = true}};
    const auto states = count_reports_in(*open_another_store(), reports);
    EXPECT_TRUE(states) << states.error().message;
    return states ? states->at(0) : Reported{};
  }

  Breaker report(const std::string& job, CallReport::Sign sign, bool probe = false) {
    return report({.job = {job}, .sign = sign, .began_at = kLater, .probe = probe}).breaker;
  }

  void open_breaker() {
    for (int number = 0; number < 5; ++number)
      report(fmt::format("job-{}", number), CallReport::Sign::down);
  }

  void set_breaker(const std::string& assignments) {
    database().execute("update autoreply_breakers set " + assignments);
  }
  std::string breaker(const std::string& column) {
    return database().value("select " + column + " from autoreply_breakers");
  }

  ClaimRequest guarded_request(int limit = 100) {
    ClaimRequest request = claim_request(limit);
    request.callback = kPeer;
    return request;
  }
  int held_back() {
    const auto waiting = waiting_in(store(), guarded_request());
    EXPECT_TRUE(waiting) << waiting.error().message;
    return waiting ? waiting->held_back : -1;
  }
  static Breaker found(const Claim& claim) {
    const auto one = std::ranges::find_if(
        claim.breakers, [](const NamedBreaker& each) { return each.peer.name == "callback:1"; });
    return one == claim.breakers.end() ? Breaker{} : one->breaker;
  }

  Claim claim_under_breaker(int limit = 100) {
    auto claim = claim_from(store(), guarded_request(limit));
    EXPECT_TRUE(claim) << claim.error().message;
    return claim ? std::move(*claim) : Claim{};
  }
};
AUTOREPLY_ON_EVERY_DATABASE(BreakerRow);

TEST_P(BreakerRow, IsClosedWhereThereIsNone) {
  host().job();
  const Claim claim = claim_under_breaker();
  EXPECT_THAT(claim.jobs, SizeIs(1));
  EXPECT_TRUE(found(claim).is_clean());
  EXPECT_EQ(0, held_back());
}

TEST_P(BreakerRow, CountsFailuresOverRunsAndOpens) {
  for (int number = 0; number < 4; ++number) {
    EXPECT_THAT(report(fmt::format("job-{}", number), CallReport::Sign::down).failures,
                SizeIs(number + 1));
  }
  const Breaker open = report("job-4", CallReport::Sign::down);
  EXPECT_TRUE(open.is_open());
  EXPECT_EQ("callback http://host:80", breaker("label"));
  EXPECT_NE("", breaker("opened_at"));

  host().job();
  const Claim claim = claim_under_breaker();
  EXPECT_EQ(open, found(claim));
  EXPECT_THAT(claim.jobs, IsEmpty());
  EXPECT_EQ(1, held_back());
}

TEST_P(BreakerRow, IsClosedBySuccess) {
  open_breaker();
  EXPECT_TRUE(report("probe", CallReport::Sign::up, true).is_clean());
  EXPECT_EQ("", breaker("opened_at"));
  host().job();
  EXPECT_THAT(claim_under_breaker().jobs, SizeIs(1));
}

TEST_P(BreakerRow, LetsOneProbeThroughWhenItIsDue) {
  for (int number = 0; number < 3; ++number) host().job();
  open_breaker();
  set_breaker("probe_at = " + database().instant(-1));
  const Claim first = claim_under_breaker();
  ASSERT_THAT(first.jobs, SizeIs(1));
  EXPECT_TRUE(first.jobs.front().is_probe_of("callback:1"));
  EXPECT_EQ(2, held_back());
  EXPECT_THAT(claim_under_breaker().jobs, IsEmpty()) << "one at a time";

  set_breaker("probing_until = " + database().instant(-1));
  EXPECT_THAT(claim_under_breaker().jobs, SizeIs(1)) << "the first prober has died";
}

TEST_P(BreakerRow, KeepsWhatIsReportedWhileAProbeIsClaimed) {
  if (!database().is_postgres()) GTEST_SKIP() << "a claim keeps all other writers out of the file";
  host().job();
  open_breaker();
  set_breaker("probe_at = " + database().instant(-1));
  // Another run's report, which is counted but not yet committed when the claim looks.
  const auto reporter = database().another_session();
  reporter->execute("begin");
  reporter->execute("update autoreply_breakers set blocked_until = " + database().instant(600));
  auto claiming = std::async(std::launch::async, [&] { return claim_under_breaker(); });
  while (database().value("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                          " and datname = current_database()") == "0") {
    ASSERT_NE(std::future_status::ready, claiming.wait_for(std::chrono::milliseconds{5}));
  }
  reporter->execute("commit");
  const Claim claim = claiming.get();
  ASSERT_THAT(claim.jobs, SizeIs(1));
  EXPECT_FALSE(claim.jobs.front().is_probe_of("callback:1"));
  EXPECT_NE("", breaker("blocked_until"));
  EXPECT_TRUE(found(claim).blocked_until);
}

TEST_P(BreakerRow, IsLockedInOneOrderByAll) {
  const auto report_in_order = [&](std::vector<std::string> names) {
    const auto store = open_another_store();
    for (int round = 0; round < 100; ++round) {
      std::vector<BreakerReport> reports;
      for (const std::string& name : names) {
        reports.push_back(
            {{name, name}, {{name}, CallReport::Sign::throttled, kLater}, kProviderRules});
      }
      const auto states = count_reports_in(*store, reports);
      ASSERT_TRUE(states) << states.error().message;
    }
  };
  {
    const std::jthread one([&] { report_in_order({"a", "b", "c"}); });
    const std::jthread other([&] { report_in_order({"c", "b", "a"}); });
  }
  if (!database().is_postgres()) return;
  EXPECT_EQ("0",
            database().value(
                "select deadlocks from pg_stat_database where datname = current_database()"));
}

TEST_P(BreakerRow, ProbesWithAnyOfTheDueJobs) {
  std::set<std::string> due;
  for (int number = 0; number < 4; ++number) due.insert(host().job().id);
  open_breaker();
  set_breaker("probe_at = " + database().instant(-1));
  std::set<std::string> probes;
  // The chance that one of the four is never picked is less than one in a million.
  for (int round = 0; round < 60; ++round) {
    const Claim claim = claim_under_breaker();
    ASSERT_THAT(claim.jobs, SizeIs(1));
    probes.insert(claim.jobs.front().job.id.value);
    ASSERT_TRUE(settle(settlement(claim.jobs.front(), Outcome::released)));
    report(claim.jobs.front().job.id.value, CallReport::Sign::nothing, true);
  }
  EXPECT_EQ(due, probes);
}

TEST_P(BreakerRow, ProbesWithAReplyInDoubtOnlyWhereThereIsNoOther) {
  const auto doubtful = host().job();
  ASSERT_TRUE(record(claim_one(doubtful.id)));
  set(doubtful.id, "status = 'pending', claim_token = null, lease_until = null");
  const auto fresh = host().job();
  open_breaker();
  set_breaker("probe_at = " + database().instant(-1));
  const Claim first = claim_under_breaker();
  ASSERT_THAT(first.jobs, SizeIs(2));
  EXPECT_EQ(fresh.id, first.jobs.front().job.id.value);
  EXPECT_FALSE(first.jobs.front().calls_nobody);
  EXPECT_EQ(doubtful.id, first.jobs.back().job.id.value) << "it is looked up meanwhile";
  EXPECT_TRUE(first.jobs.back().calls_nobody);
  ASSERT_TRUE(settle(settlement(first.jobs.back(), Outcome::released)));

  set_breaker("probing_until = null");
  const Claim second = claim_under_breaker();
  ASSERT_THAT(second.jobs, SizeIs(1));
  EXPECT_EQ(doubtful.id, second.jobs.front().job.id.value);
}

TEST_P(BreakerRow, IsLeftAloneByAProbeThatFindsNoJob) {
  open_breaker();
  set_breaker("probe_at = " + database().instant(-1));
  EXPECT_THAT(claim_under_breaker().jobs, IsEmpty());
  EXPECT_EQ("", breaker("probing_until"));
}

TEST_P(BreakerRow, SurvivesTheWayIntoTheDatabaseAndBack) {
  open_breaker();
  const Breaker after_probe = report("probe", CallReport::Sign::down, true);
  EXPECT_EQ(std::chrono::seconds{10}, after_probe.pause);
  EXPECT_EQ(after_probe, found(claim_under_breaker()));
}

TEST_P(BreakerRow, KeepsRejectionsAndWhoseFaultTheyAre) {
  host().config({.workspace_id = "ws-2"});
  CallReport call{.job = {"job"},
                  .sign = CallReport::Sign::rejected,
                  .began_at = kLater,
                  .workspace_id = "ws-1",
                  .contact_id = "contact",
                  .scope = Scope::the_operator,
                  .reason = "HTTP 404: check --callback-url",
                  .words = "404",
                  .evident = true,
                  .attempt = 2,
                  .attempts_before = 1};
  call.accepted_before = Acceptance{1'000, "job"};
  EXPECT_EQ(Scope::job, report(call).scope);
  call.accepted_before.reset();
  call.workspace_id = "ws-2";
  const Reported reported = report(call);
  EXPECT_EQ(Scope::the_operator, reported.scope);
  EXPECT_TRUE(reported.breaker.is_open());
  host().job();
  EXPECT_EQ(reported.breaker, found(claim_under_breaker()));
  const auto waiting = waiting_in(store(), guarded_request());
  ASSERT_TRUE(waiting);
  ASSERT_THAT(waiting->breakers, SizeIs(1));
  EXPECT_EQ(Scope::the_operator, waiting->breakers.front().scope);
  EXPECT_EQ("HTTP 404: check --callback-url", waiting->breakers.front().by.breaker.reason);
}

TEST_P(BreakerRow, KnowsTheOnlyWorkspace) {
  host().config();
  CallReport call{.job = {"job"},
                  .sign = CallReport::Sign::rejected,
                  .began_at = kLater,
                  .workspace_id = "ws-1",
                  .contact_id = "contact",
                  .scope = Scope::the_operator,
                  .words = "404",
                  .evident = true};
  call.accepted_before = Acceptance{1'000, "job"};
  EXPECT_EQ(Scope::job, report(call).scope);
  EXPECT_EQ(Scope::the_operator, report(call).scope);
}

TEST_P(BreakerRow, OpensForTheWorkspaceAloneWhoseJobsFailWhileOthersWait) {
  host().job({.workspace_id = "ws-2"});
  CallReport call{.sign = CallReport::Sign::down, .began_at = kLater, .workspace_id = "ws-1"};
  Reported last;
  for (const char* job : {"1", "2", "3", "4", "5"}) {
    call.job = {job};
    last = report(call, kNarrow);
  }
  EXPECT_FALSE(last.breaker.is_open());
  ASSERT_TRUE(last.narrow);
  EXPECT_TRUE(last.narrow->is_open());
  EXPECT_EQ("1",
            database().value("select count(*) from autoreply_breakers"
                             " where name = 'callback:1/ws-1' and opened_at is not null"));
}

TEST_P(BreakerRow, ForAWorkspaceStaysOpenLongerAfterAProbeInVain) {
  host().job({.workspace_id = "ws-2"});
  CallReport call{.sign = CallReport::Sign::down, .began_at = kLater, .workspace_id = "ws-1"};
  for (const char* job : {"1", "2", "3", "4", "5"}) {
    call.job = {job};
    report(call, kNarrow);
  }
  const std::vector<BreakerReport> probe{{.peer = kPeer,
                                          .report = call,
                                          .narrow = kNarrow,
                                          .narrows_failures = true,
                                          .narrow_probe = true}};
  const auto reported = count_reports_in(store(), probe);
  ASSERT_TRUE(reported && reported->at(0).narrow);
  EXPECT_EQ(std::chrono::seconds{10}, reported->at(0).narrow->pause);
  EXPECT_FALSE(reported->at(0).breaker.is_open());
}

TEST_P(BreakerRow, NotesWhatAPeerAccepted) {
  const std::vector<AcceptedPeer> peers{{kPeer, "job-1"}};
  ASSERT_TRUE(store().note_accepted(peers));
  ASSERT_TRUE(store().note_accepted(peers));
  EXPECT_EQ("job-1", breaker("accepted_job"));
  EXPECT_NE("", breaker("accepted_at"));
  EXPECT_TRUE(found(claim_under_breaker()).is_clean());
}

TEST_P(BreakerRow, PutsBackJobsThatStandAsTheirRejectionLeftThem) {
  const auto failed = host().job();
  const auto retried = host().job();
  const auto taken_up = host().job();
  set(failed.id, "status = 'error', attempts = 1, outcome = 'failed: no', error = 'x'");
  set(retried.id, "attempts = 2, outcome = 'retried: no'");
  set(taken_up.id, "attempts = 2, outcome = 'retried: no'");
  const std::vector<WrongedJob> jobs{
      {{failed.id}, 1, 0}, {{retried.id}, 2, 1}, {{taken_up.id}, 1, 0}};
  const auto ids = store().put_back(jobs, "not its fault");
  ASSERT_TRUE(ids) << ids.error().message;
  EXPECT_THAT(*ids, SizeIs(2));
  EXPECT_EQ("pending", column(failed.id, "status"));
  EXPECT_EQ("0", column(failed.id, "attempts"));
  EXPECT_EQ("deferred: not its fault", column(failed.id, "outcome"));
  EXPECT_EQ("1", column(retried.id, "attempts"));
  EXPECT_EQ("2", column(taken_up.id, "attempts")) << "another claim has had it since";

  // The number of the attempt is the same, but the claim is another.
  set(failed.id,
      "status = 'error', attempts = 1, outcome = 'failed: expired', claimed_at = " +
          database().instant(0));
  const auto again = store().put_back(jobs, "not its fault");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ("error", column(failed.id, "status"));
}

TEST_P(BreakerRow, IsForgottenByItsName) {
  open_breaker();
  EXPECT_THAT(store().forget_breaker("callback"), testing::Optional(false));
  EXPECT_THAT(store().forget_breaker("callback:1"), testing::Optional(true));
  EXPECT_THAT(store().forget_breaker("callback:1"), testing::Optional(false));
  EXPECT_EQ("0", database().value("select count(*) from autoreply_breakers"));
}

TEST_P(BreakerRow, IsForgottenAMonthAfterItsLastChange) {
  open_breaker();
  ASSERT_TRUE(store().note_accepted(std::vector<AcceptedPeer>{{{"stale", "stale"}, "job"}}));
  database().execute("update autoreply_breakers set accepted_at = " +
                     database().instant(-31 * 24 * 3'600) + " where name = 'stale'");
  set_breaker("changed_at = changed_at");
  ASSERT_TRUE(store().drop_stale_rows());
  EXPECT_EQ("callback:1", database().value("select name from autoreply_breakers"));
}

}  // namespace
}  // namespace autoreply::test

// The view autoreply_waiting: why pending jobs wait.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/store_test.h"

namespace autoreply::test {
namespace {

using testing::SizeIs;

class WaitingView : public StoreTest {
 protected:
  /// What the view says of a job: "reason since until", where a time counts as "?" unless it is
  /// NULL.
  std::string reason_of(const std::string& job) {
    return database().value(fmt::format(
        "select reason || case when since is null then ' never' else '' end || "
        "case when until is null then '' else ' until' end from autoreply_waiting where job = '{}'",
        job));
  }

  /// Notes what a look at these workspaces has found.
  void note(const std::vector<Hold>& holds,
            const std::vector<std::string>& workspaces = {"ws-a", "ws-b"}) {
    ASSERT_TRUE(store().write_holds(holds, workspaces, true));
  }

  void open_breaker(const std::string& name) {
    const Peer peer{name, name};
    ASSERT_TRUE(store().update_breakers({.peers = {peer}, .workspaces = {}},
                                        [&](const LockedBreakers& locked) {
                                          Breaker open;
                                          open.opened_at = open.changed_at = locked.now;
                                          return std::vector{NamedBreaker{peer, open}};
                                        }));
  }
};
AUTOREPLY_ON_EVERY_DATABASE(WaitingView);

TEST_P(WaitingView, TellsWhyAJobIsNotDueYet) {
  const auto later = [this](const char* outcome, const char* waits_for = "") {
    const std::string id = host().job({.next_attempt_in = 600, .outcome = outcome}).id;
    if (*waits_for != '\0') set(id, fmt::format("waits_for = '{}'", waits_for));
    return id;
  };
  EXPECT_EQ("retry until", reason_of(later("retried: HTTP 500")));
  EXPECT_EQ("in doubt until", reason_of(later("retried: in doubt: HTTP 500")));
  EXPECT_EQ("breaker until", reason_of(later("deferred: HTTP 503")));
  EXPECT_EQ("key until", reason_of(later("deferred: HTTP 401", "key")));
  EXPECT_EQ("quiet hours until",
            reason_of(later("deferred: quiet hours until 08:00 (UTC)", "quiet hours")));
  EXPECT_EQ("retry until", reason_of(later("retried: HTTP 500", "key")))
      << "an old program left the column as it was";
  EXPECT_EQ("schedule until", reason_of(host().job({.next_attempt_in = 600}).id));
}

TEST_P(WaitingView, TellsWhenTheBreakerOfADeferredJobAllowsIt) {
  const HostJob job =
      host().job({.workspace_id = "ws-a", .next_attempt_in = 60, .outcome = "deferred: HTTP 429"});
  note({{.workspace_id = "ws-a", .breaker = "key:1", .detail = "429", .until = 4'000'000'000'000}});
  EXPECT_EQ("breaker until", reason_of(job.id));
  EXPECT_THAT(database().value("select max(until) from autoreply_waiting"),
              testing::StartsWith("2096"));
}

TEST_P(WaitingView, LeavesOutJobsThatDoNotWait) {
  host().job({.status = "complete"});
  host().job({.status = "error"});
  host().job();
  claim();
  EXPECT_EQ("0", database().value("select count(*) from autoreply_waiting"));
}

TEST_P(WaitingView, TellsWhyADueJobIsNotClaimed) {
  const HostJob first = host().job({.workspace_id = "ws-a"});
  EXPECT_EQ("run", reason_of(first.id)) << "the next run takes it";

  const Hold limit{.workspace_id = "ws-a",
                   .reason = WaitsFor::limit,
                   .detail = "100 jobs a minute",
                   .until = 4'000'000'000'000};
  note({limit});
  EXPECT_EQ("limit until", reason_of(first.id));
  EXPECT_EQ("run", reason_of(host().job({.workspace_id = "ws-b"}).id));

  Hold over = limit;
  over.until = 1'000;
  note({over});
  EXPECT_EQ("run", reason_of(first.id)) << "the limit allows it again";

  open_breaker("callback:1");
  Hold all{.breaker = "callback:1", .detail = "the callback: HTTP 503", .until = 1'000};
  note({all});
  EXPECT_EQ("breaker until", reason_of(first.id)) << "until the next run has probed it";
  ASSERT_TRUE(store().forget_breaker("callback:1"));
  EXPECT_EQ("run", reason_of(first.id));

  Hold key{.workspace_id = "ws-a",
           .reason = WaitsFor::key,
           .breaker = "key:1",
           .detail = "HTTP 401",
           .spares_recorded = true};
  note({key});
  EXPECT_EQ("key", reason_of(first.id));
  set(first.id, "ai_log_id = id");
  EXPECT_EQ("run", reason_of(first.id)) << "its reply is there";
}

TEST_P(WaitingView, TellsOfTheContactsOtherJobs) {
  const HostJob first = host().job({.seconds_ago = 60});
  const HostJob second =
      host().job({.contact_id = first.contact_id, .message_id = first.message_id});
  EXPECT_EQ("run", reason_of(first.id));
  EXPECT_EQ("contact", reason_of(second.id)) << "an older entry for the same message";
  claim_one(first.id);
  EXPECT_THAT(reason_of(second.id), testing::StartsWith("contact"));
}

TEST_P(WaitingView, ReplacesWhatALookKnewOfItsWorkspaces) {
  const auto known = [this] { return database().value("select count(*) from autoreply_holds"); };
  // What holds a workspace without a pending job holds nothing.
  host().job({.workspace_id = "ws-a", .next_attempt_in = 600});
  host().job({.workspace_id = "ws-b", .next_attempt_in = 600});
  const Hold a{.workspace_id = "ws-a", .reason = WaitsFor::limit, .detail = "1"};
  const Hold b{.workspace_id = "ws-b", .reason = WaitsFor::limit, .detail = "1"};
  note({a, b});
  ASSERT_TRUE(store().write_holds({}, {"ws-a"}, false));
  EXPECT_EQ("ws-b", database().value("select workspace_id from autoreply_holds"));
  note({}, {});
  EXPECT_EQ("0", known()) << "nothing is due, so no limit holds anything";

  // Jobs that are not due yet still wait for their breaker, but for no other callback's.
  open_breaker("key:1");
  open_breaker("callback:1");
  const Hold key{.workspace_id = "ws-a", .reason = WaitsFor::key, .breaker = "key:1"};
  const Hold callback{.breaker = "callback:1"};
  note({key, callback});
  note({}, {});
  EXPECT_EQ("2", known());
  note({}, {"ws-b"});
  EXPECT_EQ("key:1", database().value("select breaker from autoreply_holds"));
  note({}, {"ws-a"});
  EXPECT_EQ("0", known());
  note({key}, {});
  ASSERT_TRUE(store().forget_breaker("key:1"));
  EXPECT_EQ("0", known());
  open_breaker("key:1");
  note({key}, {});
  database().execute("update ai_response_queue set status = 'complete'");
  note({}, {});
  EXPECT_EQ("0", known()) << "no job waits";
}

class WaitingViewOfPostgres : public WaitingView {};
AUTOREPLY_ON_POSTGRES(WaitingViewOfPostgres);

TEST_P(WaitingViewOfPostgres, DoesNotKeepTheHostFromChangingItsTable) {
  host().job();
  database().execute(
      "alter table ai_response_queue alter column error type varchar(2000);"
      "alter table ai_response_queue rename column error to error_text;"
      "alter table ai_response_queue rename column error_text to error");
  EXPECT_EQ("1", database().value("select count(*) from autoreply_waiting"));
}

}  // namespace
}  // namespace autoreply::test

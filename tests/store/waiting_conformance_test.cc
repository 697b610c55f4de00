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

  void note(std::vector<Hold> holds) { ASSERT_TRUE(store().write_holds(holds, std::nullopt)); }
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
  const Hold a{.workspace_id = "ws-a", .reason = WaitsFor::limit, .detail = "1"};
  const Hold b{.workspace_id = "ws-b", .reason = WaitsFor::limit, .detail = "1"};
  note({a, b});
  const std::vector<Hold> none;
  ASSERT_TRUE(store().write_holds(none, std::vector<std::string>{"ws-a"}));
  EXPECT_EQ("ws-b", database().value("select workspace_id from autoreply_holds"));
  note({a});
  EXPECT_EQ("ws-a", database().value("select workspace_id from autoreply_holds"));
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

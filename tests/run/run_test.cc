#include "run/run.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/heart.h"

namespace autoreply::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Operation = FakeDatabase::Operation;

/// Every claimed job is counted once.
void expect_adds_up(const Summary& summary) {
  EXPECT_EQ(summary.claimed, summary.outcomes.sum() + summary.lost);
}

TEST(RunOfAJob, ReadsRecordsSendsAndSettlesInThisOrder) {
  Heart heart;
  const std::string id = heart.add_job();
  int settled_before_send = -1;
  heart.peers.callback = [&](const HttpRequest& request) {
    settled_before_send = static_cast<int>(heart.database.history.size());
    return FakePeers::with(200, R"({"success":true})")(request);
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::completed]);
  EXPECT_EQ(15, summary.tokens);
  EXPECT_THAT(heart.database.history,
              ElementsAre("start " + id, "record " + id, "settle completed " + id));
  EXPECT_EQ(2, settled_before_send) << "the record is durable, and nothing is settled yet";
  ASSERT_EQ(2U, heart.peers.calls.size());
  EXPECT_TRUE(heart.peers.calls[0].to_provider);
  EXPECT_THAT(heart.peers.calls[1].body, HasSubstr("We open at 7."));
  expect_adds_up(summary);
}

TEST(RunOfAJob, SendsARecordedReplyAsItStandsAndAsksNoProvider) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.database.queue.row(id).recorded = true;
  EXPECT_EQ(1, heart.run().outcomes[Outcome::completed]);
  EXPECT_EQ(0, heart.peers.calls_of(true));
  EXPECT_EQ(1, heart.peers.calls_of(false));
}

TEST(RunOfAJob, SendsNothingAfterAnotherClaimHasTakenOver) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.peers.provider = [&](const HttpRequest& request) {
    heart.database.queue.row(id).token = {"of another run"};
    return FakePeers::with_reply("too late")(request);
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.lost);
  EXPECT_EQ(0, heart.peers.calls_of(false));
  EXPECT_EQ("", heart.note_of(id)) << "and writes nothing";
  expect_adds_up(summary);
}

TEST(RunOfAJob, SendsNothingThatCouldNotBeRecorded) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.peers.provider = [&](const HttpRequest& request) {
    heart.database.fail_next(Operation::write, ErrorKind::refused);
    return FakePeers::with_reply("a poisoned reply")(request);
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::retried]);
  EXPECT_EQ(0, heart.peers.calls_of(false));
  EXPECT_THAT(heart.note_of(id), HasSubstr("the database refused"));
}

TEST(RunOfAJob, TakesBackWhatChangesWhileTheProviderThinks) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.database.on_record = [](Recorded& recorded) {
    recorded.conditions.short_texts_since = {"STOP"};
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::skipped]);
  EXPECT_EQ(0, heart.peers.calls_of(false));
  EXPECT_EQ("skipped: opted out", heart.note_of(id));
  EXPECT_EQ(0, heart.database.settlements.at(id).sends);
}

TEST(RunOfAJob, IsInDoubtIfTheCallbackGaveNoDefiniteAnswer) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.peers.callback = FakePeers::failing(HttpFailure::Kind::timeout, true);
  EXPECT_EQ(1, heart.run().outcomes[Outcome::retried]);
  EXPECT_THAT(heart.note_of(id), StartsWith(std::string(kInDoubtNote)));
  EXPECT_EQ(Settlement::Due::after_send, heart.database.settlements.at(id).due);
}

TEST(RunOfAJob, IsNotInDoubtIfTheRequestNeverWentOut) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.peers.callback = FakePeers::failing(HttpFailure::Kind::connect, false);
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::deferred]);
  EXPECT_EQ(0, heart.database.settlements.at(id).attempts) << "it uses no attempt";
  EXPECT_EQ(0, heart.database.settlements.at(id).sends);
}

TEST(RunOfAJob, ThatThrowsEndsAsThatJobsFailureAlone) {
  Heart heart;
  const std::string poisoned = heart.add_job("a");
  const std::string sound = heart.add_job("b");
  heart.peers.provider = [&](const HttpRequest& request) -> HttpResult {
    if (heart.peers.calls_of(true) == 1) throw std::runtime_error("a defect");
    return FakePeers::with_reply("We open at 7.")(request);
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::retried]);
  EXPECT_EQ(1, summary.outcomes[Outcome::completed]);
  EXPECT_THAT(heart.note_of(poisoned), HasSubstr("a defect"));
  EXPECT_EQ("completed", heart.note_of(sound));
}

TEST(RunOfAJob, ThatThrowsAfterTheRecordIsInDoubt) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.peers.callback = [](const HttpRequest&) -> HttpResult {
    throw std::runtime_error("a defect");
  };
  EXPECT_EQ(1, heart.run().outcomes[Outcome::retried]);
  EXPECT_THAT(heart.note_of(id), StartsWith(std::string(kInDoubtNote)));
}

TEST(RunOfAJob, KeepsThePaidReplyIfAStopComesWhileTheProviderThinks) {
  Heart heart;
  const std::string id = heart.add_job();
  heart.peers.provider = [&](const HttpRequest& request) {
    auto reply = FakePeers::with_reply("We open at 7.")(request);
    heart.stop->end();
    return reply;
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::released]);
  EXPECT_EQ(0, heart.peers.calls_of(false));
  EXPECT_THAT(heart.database.history,
              ElementsAre("start " + id, "keep " + id, "settle released " + id));
}

TEST(RunOfManyJobs, AnswersAllOnSeveralThreadsAndCountsEach) {
  Heart heart;
  heart.rules.pace.concurrency = 8;
  for (int number = 0; number < 40; ++number) heart.add_job("ws-" + std::to_string(number % 5));
  const Summary summary = heart.run();
  EXPECT_EQ(40, summary.outcomes[Outcome::completed]);
  EXPECT_EQ(40 * 15, summary.tokens);
  EXPECT_EQ(40, heart.peers.calls_of(false));
  expect_adds_up(summary);
}

TEST(RunOfManyJobs, OpensAsManyStoresWhateverItsConcurrency) {
  Heart heart;
  heart.rules.pace.concurrency = 16;
  for (int number = 0; number < 40; ++number) heart.add_job();
  heart.run();
  EXPECT_LE(heart.database.stores_opened, 4);
}

TEST(RunOfManyJobs, StopsAtItsLimit) {
  Heart heart;
  heart.rules.pace.limit = 3;
  for (int number = 0; number < 5; ++number) heart.add_job();
  const Summary summary = heart.run();
  EXPECT_EQ(3, summary.claimed);
  EXPECT_EQ(2, summary.still_due);
}

TEST(RunOfManyJobs, ClaimsUntilNothingIsLeftIfItDrains) {
  Heart heart;
  heart.rules.pace.limit = 3;
  heart.rules.pace.drain = true;
  for (int number = 0; number < 10; ++number) heart.add_job();
  const Summary summary = heart.run();
  EXPECT_EQ(10, summary.outcomes[Outcome::completed]);
  EXPECT_EQ(0, summary.still_due);
}

TEST(RunOfManyJobs, GivesBackWhatNoThreadBeganWhenAStopComes) {
  Heart heart;
  for (int number = 0; number < 5; ++number) heart.add_job();
  heart.peers.provider = [&](const HttpRequest& request) {
    heart.stop->stop();
    return FakePeers::with_reply("We open at 7.")(request);
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.outcomes[Outcome::completed]) << "what has begun is finished";
  EXPECT_EQ(4, summary.outcomes[Outcome::released]);
  for (const auto& row : heart.database.queue.rows) EXPECT_FALSE(row.claimed) << row.id;
  expect_adds_up(summary);
}

TEST(RunOfManyJobs, AsksAProviderThatIsDownOnlyUntilItsBreakerOpens) {
  Heart heart;
  for (int number = 0; number < 20; ++number) heart.add_job();
  heart.database.queue.configs["ws"] = heart.database.context_of("ws-job-0").config.value();
  heart.peers.provider = FakePeers::with(503, "{}");
  const Summary summary = heart.run();
  EXPECT_EQ(3, heart.peers.calls_of(true));
  EXPECT_EQ(2, summary.outcomes[Outcome::retried]) << "before it opened";
  EXPECT_EQ(18, summary.outcomes[Outcome::deferred]);
  for (const auto& [id, settlement] : heart.database.settlements) {
    EXPECT_LE(settlement.attempts, 1) << id;
  }
  expect_adds_up(summary);
}

TEST(RunOfManyJobs, TellsOtherRunsWhatWorksWithoutAWriteForEachJob) {
  Heart heart;
  for (int number = 0; number < 10; ++number) heart.add_job();
  heart.run();
  const auto writes = std::ranges::count(heart.database.accepted, Heart::kCallback.name);
  EXPECT_GE(writes, 1);
  EXPECT_LE(writes, 3) << "one with each claim, and one at the end";
}

TEST(RunOnATroubledDatabase, SendsNothingMoreOnceNothingSettles) {
  Heart heart;
  for (int number = 0; number < 20; ++number) heart.add_job();
  heart.database.fail_next(Operation::settle, ErrorKind::refused, 20);
  const Summary summary = heart.run();
  EXPECT_TRUE(summary.settlements_refused);
  // A job that sends meanwhile has not heard of the last refusals yet.
  EXPECT_LE(heart.peers.calls_of(false), 5);
  expect_adds_up(summary);
}

TEST(RunOnATroubledDatabase, SettlesAfterALockThatLastsForAWhile) {
  Heart heart;
  heart.add_job();
  heart.peers.callback = [&](const HttpRequest& request) {
    heart.database.fail_next(Operation::write, ErrorKind::busy, 2);
    return FakePeers::with(200, R"({"success":true})")(request);
  };
  EXPECT_EQ(1, heart.run().outcomes[Outcome::completed]);
}

TEST(RunOnATroubledDatabase, CountsAsLostWhatItCannotSettle) {
  Heart heart;
  heart.add_job();
  heart.peers.callback = [&](const HttpRequest& request) {
    heart.database.fail_next(Operation::write, ErrorKind::unavailable, 9);
    return FakePeers::with(200, R"({"success":true})")(request);
  };
  const Summary summary = heart.run();
  EXPECT_EQ(1, summary.lost);
  EXPECT_TRUE(summary.database_lost);
  expect_adds_up(summary);
}

TEST(RunOnATroubledDatabase, EndsWhenTheHostsTablesFitNoMore) {
  Heart heart;
  for (int number = 0; number < 5; ++number) heart.add_job();
  heart.database.fail_next(Operation::start, ErrorKind::misconfigured, 99);
  const Summary summary = heart.run();
  EXPECT_NE("", summary.misfit);
  EXPECT_EQ(5, summary.outcomes[Outcome::released]);
  EXPECT_THAT(heart.peers.calls, IsEmpty());
  expect_adds_up(summary);
}

TEST(RunOnATroubledDatabase, SaysWhyItCouldNotClaim) {
  for (const ErrorKind kind : {ErrorKind::unavailable, ErrorKind::internal}) {
    Heart heart;
    heart.add_job();
    heart.database.fail_next(Operation::claim, kind, 9);
    const Summary summary = heart.run();
    EXPECT_EQ(kind == ErrorKind::unavailable, summary.database_lost);
    EXPECT_EQ(kind == ErrorKind::internal, summary.broken);
    EXPECT_EQ(0, summary.claimed);
  }
}

}  // namespace
}  // namespace autoreply::test

// `backfill` and `purge`.

#include <csignal>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PeoplesCommand : public ProgramTest {
 protected:
  Exit person(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--database", database().url()});
    return run_to_end(command(arguments));
  }
  std::string entries() { return database().value("select count(*) from ai_response_queue"); }
};

class Backfill : public PeoplesCommand {};
AUTOREPLY_ON_BOTH_DATABASES(Backfill);

TEST_P(Backfill, EnqueuesWhatHasNeitherAnEntryNorAnAnswer) {
  const Customer forgotten = add_customer();
  const std::string first = add_message(forgotten, "Hello?", "inbound", 7'200);
  const std::string second = add_message(forgotten, "Anybody?", "inbound", 7'100);
  const Customer answered = add_customer();
  const std::string old = add_message(answered, "Hi", "inbound", 7'200);
  add_message(answered, "Hi there", "outbound", 7'000);
  const Customer queued = add_customer();
  ask(queued, "In the queue", 7'200);
  const std::string earlier = add_message(add_customer(), "Long ago", "inbound", 900'000);

  const Exit preview = person({"backfill", "--since", "1d", "--dry-run"});
  EXPECT_EQ(0, preview.status) << preview.err;
  EXPECT_THAT(preview.out,
              AllOf(HasSubstr("2 messages without an entry and without an answer"),
                    HasSubstr(first),
                    HasSubstr(second),
                    Not(HasSubstr(old)),
                    Not(HasSubstr(earlier)),
                    HasSubstr("nothing was written")));
  EXPECT_EQ("1", entries());
  EXPECT_EQ(64, person({"backfill", "--since", "1d"}).status) << "nobody can be asked";

  const Exit done = person({"backfill", "--since", "1d", "--yes", "--per-minute", "0"});
  EXPECT_EQ(0, done.status) << done.err;
  EXPECT_THAT(done.out, HasSubstr("enqueued 2 messages"));
  EXPECT_EQ("3", entries());
  EXPECT_THAT(person({"backfill", "--since", "1d", "--yes"}).out, HasSubstr("0 messages"));

  const RunResult result = run({"--drain"});
  EXPECT_EQ(3, result["completed"]);
}

TEST_P(Backfill, KeepsToItsFiltersAndSaysWhatIsMissing) {
  add_workspace({.workspace_id = "ws-2"});
  const std::string here = add_message(add_customer("ws-2"), "Hello?", "inbound", 600);
  const std::string there = add_message(add_customer(), "Hello?", "inbound", 600);
  const Exit exit = person({"backfill", "--since", "1h", "--workspace", "ws-2", "--dry-run"});
  EXPECT_THAT(exit.out, AllOf(HasSubstr(here), Not(HasSubstr(there))));
  EXPECT_THAT(person({"backfill", "--since", "2h", "--until", "1h", "--dry-run"}).out,
              HasSubstr("0 messages"));
  const Exit endless = person({"backfill"});
  EXPECT_EQ(64, endless.status);
  EXPECT_THAT(endless.err, HasSubstr("--since is missing"));
}

TEST_P(Backfill, KeepsItsPaceAndGoesOnAfterAStop) {
  for (int number = 0; number < 3; ++number) {
    add_message(add_customer(), "Hello?", "inbound", 600);
  }
  Process process(command(
      {"backfill", "--since", "1h", "--yes", "--per-minute", "1", "--database", database().url()}));
  ASSERT_TRUE(wait_for_value("select count(*) from ai_response_queue", "1"));
  process.send(SIGTERM);
  const Exit stopped = process.wait();
  EXPECT_EQ(75, stopped.status) << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("enqueued 1 of 3 before the stop"));

  EXPECT_EQ(0, person({"backfill", "--since", "1h", "--yes", "--per-minute", "0"}).status);
  EXPECT_EQ("3", entries());
}

TEST_P(Backfill, LeavesToThePeopleWhatTheyAnswerMeanwhile) {
  const Customer first = add_customer();
  add_message(first, "Hello?", "inbound", 7'200);
  ASSERT_EQ(0, person({"backfill", "--since", "1d", "--yes", "--per-minute", "0"}).status);
  add_message(first, "A person has answered", "outbound", 60);
  const RunResult result = run();
  EXPECT_EQ(1, result["skipped"]) << "the job is as old as its message";
  EXPECT_EQ(0U, standin_.host.count());
}

TEST_P(Backfill, EndsIfTheHostTakesNotEveryEntry) {
  const Customer one = add_customer();
  for (int number = 0; number < 3; ++number) {
    add_message(one, "Hello?", "inbound", 7'200 + number);
  }
  database().execute(
      "create unique index one_each on ai_response_queue (contact_id) where status = 'pending'");
  const Exit exit = person({"backfill", "--since", "1d", "--yes", "--per-minute", "0"});
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_THAT(exit.out, HasSubstr("enqueued 1 message;"));
}

TEST_P(Backfill, DoesNotAnswerAgainWhatWasPurged) {
  const std::string id = ask(add_customer(), "Hello?", 300'000);
  ASSERT_EQ(1, run({"--max-age", "0"})["completed"]);
  database().execute("delete from ai_response_queue");
  EXPECT_THAT(person({"backfill", "--since", "5d", "--dry-run"}).out, HasSubstr("0 messages"));
}

class Purge : public PeoplesCommand {
 protected:
  std::string finished(const std::string& status,
                       int days_ago,
                       const std::string& workspace = "ws-1") {
    const std::string id = ask(add_customer(workspace), "Hello?");
    database().execute(
        fmt::format("update ai_response_queue set status = '{}', processed_at = {} where id = '{}'",
                    status,
                    database().kind() == DatabaseKind::sqlite
                        ? fmt::format("strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-{} days')", days_ago)
                        : fmt::format("now() - interval '{} days'", days_ago),
                    id));
    return id;
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Purge);

TEST_P(Purge, DeletesOnlyWhatFinishedLongAgo) {
  finished("complete", 100);
  finished("error", 100);
  finished("complete", 10);
  finished("error", 100, "ws-2");
  ask("Still pending");
  const Exit preview = person({"purge", "--older-than", "90d", "--workspace", "ws-1", "--dry-run"});
  EXPECT_THAT(preview.out, HasSubstr("would delete 2 jobs"));
  EXPECT_EQ("5", entries());
  EXPECT_EQ(64, person({"purge", "--older-than", "90d"}).status) << "nobody can be asked";

  EXPECT_THAT(
      person({"purge", "--older-than", "90d", "--status", "error", "--workspace", "ws-1", "--yes"})
          .out,
      HasSubstr("deleted 1 job\n"));
  EXPECT_THAT(person({"purge", "--older-than", "90d", "--yes"}).out, HasSubstr("deleted 2 jobs"));
  EXPECT_EQ("2", entries());
}

TEST_P(Purge, WalksAQueueOfManyPages) {
  const std::string one = finished("complete", 100);
  const std::string copy =
      database().kind() == DatabaseKind::sqlite
          ? "with recursive n (i) as (select 1 union all select i + 1 from n where i < 12000) "
            "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
            "processed_at) "
            "select lower(hex(randomblob(16))), q.workspace_id, q.contact_id, q.message_id, "
            "'complete', "
            "q.processed_at from n, ai_response_queue q where q.id = '"
          : "insert into ai_response_queue (id, workspace_id, contact_id, message_id, status, "
            "processed_at) "
            "select gen_random_uuid(), q.workspace_id, q.contact_id, q.message_id, 'complete', "
            "q.processed_at from generate_series(1, 12000), ai_response_queue q where q.id = '";
  database().execute(copy + one + "'");
  const Exit exit = person({"purge", "--older-than", "90d", "--yes", "--output", "json"});
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ(12'001, parse_json(exit.out)["deleted"]);
  EXPECT_EQ("0", entries());
}

TEST_P(Purge, WantsAnAge) {
  EXPECT_EQ(64, person({"purge", "--yes"}).status);
  EXPECT_THAT(person({"purge", "--older-than", "1h"}).err, HasSubstr("at least 1d"));
  EXPECT_THAT(person({"purge", "--older-than", "2d", "--status", "pending"}).err,
              HasSubstr("not finished"));
}

}  // namespace
}  // namespace autoreply::test

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Doctor : public ProgramTest {
 protected:
  Exit doctor(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"doctor",
                                       "--database",
                                       database().url(),
                                       "--callback-url",
                                       standin_.callback_url(),
                                       "--callback-token",
                                       std::string(kCallbackToken),
                                       "--allow-host",
                                       "127.0.0.1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Exit exit = run_to_end(command(arguments));
    EXPECT_THAT(exit.out + exit.err, Not(HasSubstr(kProviderKey)));
    EXPECT_THAT(exit.out + exit.err, Not(HasSubstr(kCallbackToken)));
    return exit;
  }

  void change_config(const std::string& assignments) {
    database().execute("update workspace_ai_config set " + assignments);
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Doctor);

TEST_P(Doctor, FindsNothingWrongIfARunWorks) {
  ask("Are you open?");
  ASSERT_EQ(0, run().status);
  const Exit exit = doctor();
  EXPECT_EQ(0, exit.status) << exit.out << exit.err;
  EXPECT_THAT(exit.out,
              AllOf(HasSubstr("ok     database"),
                    HasSubstr("ok     clock"),
                    HasSubstr("openai: api_key of the workspace"),
                    HasSubstr("direction of messages: known: inbound"),
                    HasSubstr("ok     schedule   the last run was"),
                    HasSubstr("ok     callback"),
                    HasSubstr("nothing is wrong"),
                    Not(HasSubstr("WRONG"))));
  EXPECT_EQ("{}", standin_.host.requests().back().body) << "nothing that could be sent";
}

TEST_P(Doctor, NamesACommandThatHelpsJobsThatNoRunCameFor) {
  const std::string id = ask(add_customer(), "Hello?", 4 * 24 * 3600);
  database().execute("update ai_response_queue set next_attempt_at = created_at");
  const Exit exit = doctor();
  EXPECT_THAT(exit.out, HasSubstr("older than a day; with --max-age 1d, the next run ends them"));
  ASSERT_THAT(exit.out, HasSubstr("'autoreply retry --until 1d'"));
  const Exit retried = run_to_end(command({"retry", "--until", "1d", "--yes"}));
  EXPECT_EQ(0, retried.status) << retried.out << retried.err;
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ("complete", job(id)["status"]);
}

TEST_P(Doctor, ShowsColumnsThatMayBeMisnamed) {
  database().execute("alter table contacts rename column name to full_nm");
  const Exit exit = doctor();
  EXPECT_THAT(exit.out,
              AllOf(HasSubstr("note   columns    contacts: uses"),
                    HasSubstr("does without name"),
                    HasSubstr("ignores full_nm"),
                    HasSubstr("--contact-table")));
}

TEST_P(Doctor, TellsOfLocksThatDoNotExclude) {
  if (kind() != DatabaseKind::postgres) GTEST_SKIP() << "SQLite locks its file";
  // As servers do that only speak PostgreSQL's protocol.
  database().execute(
      "create schema other; create function other.pg_try_advisory_lock(int, int) returns boolean "
      "language sql as 'select true'");
  const std::string url = database().url() +
                          (database().url().find('?') == std::string::npos ? "?" : "&") +
                          "options=-csearch_path%3Dother,pg_catalog,public";
  const Exit exit = doctor({"--database", url});
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.out, HasSubstr("WRONG  database   its advisory locks do not exclude"));
  const Exit migrated = run_to_end(command({"migrate", "--database", url}));
  EXPECT_EQ(78, migrated.status);
  EXPECT_THAT(migrated.err, HasSubstr("advisory locks do not exclude"));
}

TEST_P(Doctor, TellsOfARefusedToken) {
  standin_.host.answer_always(Answer{.status = 401, .body = R"({"error":"no such token"})"});
  const Exit exit = doctor();
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(
      exit.out,
      AllOf(HasSubstr("WRONG  callback"), HasSubstr("HTTP 401"), HasSubstr("--callback-token")));
}

TEST_P(Doctor, TellsOfAnUnreachableCallback) {
  const Exit exit = doctor({"--callback-url", "http://127.0.0.1:1/send-sms"});
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.out, HasSubstr("the callback cannot be reached"));
  EXPECT_THAT(doctor({"--output", "json", "--callback-url", "http://127.0.0.1:1/"}).out,
              HasSubstr(R"("level":"wrong","about":"callback")"));
}

TEST_P(Doctor, TellsOfAWorkspaceWithoutAKey) {
  change_config("api_key = '', base_url = '', provider = 'anthropic'");
  const Exit exit = doctor();
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.out, AllOf(HasSubstr("WRONG  keys"), HasSubstr("ANTHROPIC_API_KEY")));
}

TEST_P(Doctor, TellsOfARenamedColumn) {
  database().execute("alter table contacts rename column phone_number to phone");
  const Exit exit = doctor();
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.out, AllOf(HasSubstr("WRONG  columns"), HasSubstr("phone_number")));
}

TEST_P(Doctor, TellsOfADatabaseThatIsNotMigrated) {
  database().execute("drop table autoreply_schema");
  const Exit exit = doctor();
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.out, HasSubstr("autoreply migrate"));
  EXPECT_THAT(exit.out, HasSubstr("ok     callback")) << "the rest is still checked";
}

TEST_P(Doctor, NotesWhatMayBeMeantSo) {
  const Customer stranger = add_customer("ws-unknown");
  ask(stranger, "Hello?", 200'000);
  add_message(add_customer(), "Hi", "sideways", 60);
  change_config("model = 'gpt-17'");
  database().execute("alter table workspace_ai_config add column is_enabled text");
  const Exit exit = doctor();
  EXPECT_EQ(0, exit.status) << exit.out;
  EXPECT_THAT(
      exit.out,
      AllOf(HasSubstr("no configuration of ws-unknown"),
            HasSubstr("1 pending jobs are older than a day; with --max-age 1d, the next run "
                      "ends them"),
            HasSubstr("ignored: sideways"),
            HasSubstr("no price is known for gpt-17 of openai"),
            HasSubstr("is_enabled"),
            HasSubstr("no run has looked at this queue yet")));
  EXPECT_THAT(doctor({"--max-age", "0"}).out, HasSubstr("the next run answers them"));
}

TEST_P(Doctor, NamesWhatARunHasFoundOut) {
  ask("Are you open?");
  standin_.host.answer_always(Answer{.status = 401});
  ASSERT_EQ(78, run().status);
  const Exit exit = doctor();
  EXPECT_THAT(exit.out,
              AllOf(HasSubstr("WRONG  breakers"), HasSubstr("autoreply unblock callback:")));
}

}  // namespace
}  // namespace autoreply::test

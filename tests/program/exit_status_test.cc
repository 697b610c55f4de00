#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// For tests that do not depend on the kind of database.
Exit run_program(std::vector<std::string> arguments, std::vector<std::string> environment = {}) {
  return run_to_end({.arguments = std::move(arguments), .environment = std::move(environment)});
}

/// Runs on a database that must not be touched before the command line is rejected.
Exit run_with(std::vector<std::string> more) {
  std::vector<std::string> arguments{
      "run", "--database", "sqlite:/nonexistent/queue.db", "--callback-url", "http://127.0.0.1:1/"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_program(std::move(arguments));
}

TEST(ExitStatus, Is0ForHelpOnEveryLevelAndForTheVersion) {
  const auto expect_help = [](std::vector<std::string> arguments, const char* option) {
    const Exit exit = run_program(std::move(arguments));
    EXPECT_EQ(0, exit.status);
    EXPECT_THAT(exit.out, HasSubstr(option));
    EXPECT_THAT(exit.err, IsEmpty());
  };
  expect_help({"--help"}, "--database");
  expect_help({"run", "--help"}, "--callback-url");
  expect_help({"migrate", "--help"}, "--print");
  const Exit version = run_program({"--version"});
  EXPECT_EQ(0, version.status);
  EXPECT_THAT(version.out, StartsWith("autoreply "));
}

TEST(ExitStatus, Is64ForWrongUsage) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                    {"fly"},
                                                    {"run", "--no-such-option"},
                                                    {"run", "--limit", "many"},
                                                    {"run", "--limit", "0"},
                                                    {"run", "--fail-on", "sometimes"},
                                                    {"run", "--provider", "openia"},
                                                    {"run", "--callback-url", "http://"},
                                                    {"run", "--database", "queue.db"},
                                                    {"run", "--queue-table", "a.b.c"},
                                                    {"run", "--since", "2026-99-99"},
                                                    {"run", "--since", "yesterday"}}) {
    const Exit exit = run_program(arguments);
    EXPECT_EQ(64, exit.status) << (arguments.empty() ? "nothing" : arguments.back());
    EXPECT_THAT(exit.out, IsEmpty());
    EXPECT_THAT(exit.err, StartsWith("autoreply: "));
  }
}

TEST(ExitStatus, Is64ForADurationThatIsNone) {
  for (const char* option :
       {"--lease", "--grace", "--max-age", "--backoff-base", "--in-doubt-wait"}) {
    for (const char* value : {"5", "-5s", "5 parsecs", ""}) {
      const Exit exit = run_with({fmt::format("{}={}", option, value)});
      EXPECT_EQ(64, exit.status) << option << " " << value;
      EXPECT_THAT(exit.err, HasSubstr(option));
    }
  }
}

TEST(ExitStatus, Is78ForMissingOrWrongConfiguration) {
  const Exit missing = run_program({"run", "--database", "sqlite:/nonexistent/queue.db"});
  EXPECT_EQ(78, missing.status);
  EXPECT_THAT(missing.err, HasSubstr("--callback-url"));

  const Exit malformed = run_program({"run", "--callback-url", "http://127.0.0.1:1/"},
                                     {"AUTOREPLY_DATABASE=oracle://scott:tiger@db/queue"});
  EXPECT_EQ(78, malformed.status);
  EXPECT_THAT(malformed.err, HasSubstr("AUTOREPLY_DATABASE"));
  EXPECT_THAT(malformed.err, Not(HasSubstr("tiger")));
}

TEST(ExitStatus, Is69WhenTheDatabaseCannotBeReached) {
  // Port 1 of this machine is closed.
  for (const char* command : {"run", "migrate"}) {
    std::vector<std::string> arguments{
        command, "--database", "postgresql://somebody:hunter2@127.0.0.1:1/queue"};
    if (std::string_view(command) == "run") {
      arguments.insert(arguments.end(), {"--callback-url", "http://127.0.0.1:1/"});
    }
    const Exit exit = run_program(std::move(arguments));
    EXPECT_EQ(69, exit.status) << exit.err;
    EXPECT_THAT(exit.err, Not(HasSubstr("hunter2")));
    EXPECT_LT(exit.wall, std::chrono::seconds{15}) << "the first connect waits for 5 s at most";
  }
}

class ExitStatusOfRuns : public ProgramTest {
 protected:
  /// Adds a job that fails, because its contact has no phone number.
  void ask_of_nobody() {
    const Customer nobody = add_customer();
    ask(nobody, "Hello?");
    database().execute(
        fmt::format("update contacts set phone_number = null where id = '{}'", nobody.id));
  }
};
AUTOREPLY_ON_BOTH_DATABASES(ExitStatusOfRuns);

TEST_P(ExitStatusOfRuns, Is0WithNothingToDo) {
  EXPECT_EQ(0, run().status);
}

TEST_P(ExitStatusOfRuns, Is78BeforeTheDatabaseIsMigrated) {
  const auto empty = make_test_database(GetParam());
  const Exit exit = run_to_end(
      {.arguments = {
           "run", "--database", empty->url(), "--callback-url", standin_.callback_url()}});
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.err, HasSubstr("autoreply migrate"));
}

TEST_P(ExitStatusOfRuns, Is1WhenOneFailedWhateverElseIsToBeTriedAgain) {
  ask_of_nobody();
  ask("Hello again?");
  standin_.provider.answer_always(Answer{.status = 500});

  const RunResult result = run();

  EXPECT_EQ(1, result["failed"]);
  EXPECT_EQ(1, result["retried"]);
  EXPECT_EQ(1, result.status);
}

TEST_P(ExitStatusOfRuns, FollowsFailOn) {
  standin_.provider.answer_always(Answer{.status = 500});
  const auto status_after_a_retry = [this](const char* fail_on) {
    ask("Hello?");
    return run({"--fail-on", fail_on}).status;
  };
  EXPECT_EQ(75, status_after_a_retry("retry"));
  EXPECT_EQ(0, status_after_a_retry("error"));
  EXPECT_EQ(0, status_after_a_retry("never"));

  const auto status_after_a_failure = [this](const char* fail_on) {
    ask_of_nobody();
    database().execute("delete from autoreply_breakers");
    return run({"--fail-on", fail_on}).status;
  };
  EXPECT_EQ(1, status_after_a_failure("retry"));
  EXPECT_EQ(1, status_after_a_failure("error"));
  EXPECT_EQ(0, status_after_a_failure("never"));
}

}  // namespace
}  // namespace autoreply::test

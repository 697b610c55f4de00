// Options from the environment and from the file of --config.

#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "cli/command_line_fixture.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using test::ScopedFile;
using test::ScopedVariable;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Command = CommandLine::Command;

TEST(CommandLine, RanksArgumentsAboveTheEnvironmentAboveTheFile) {
  const ScopedFile file("limit = 1\nconcurrency = 2\ncallback-timeout = \"3s\"\n");
  const ScopedVariable limit("AUTOREPLY_LIMIT", "10");
  const ScopedVariable concurrency("AUTOREPLY_CONCURRENCY", "20");
  const CommandLine line = parse_command_line({"--config", file.path(), "run", "--limit", "100"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ(100, line.run.limit);
  EXPECT_EQ(20, line.run.concurrency);
  EXPECT_EQ(milliseconds{3'000}, line.run.callback_timeout);
}

TEST(CommandLine, ReadsListsAndFlagsFromTheEnvironment) {
  const ScopedVariable hosts("AUTOREPLY_ALLOW_HOST", "a.example,b.example");
  const ScopedVariable drain("AUTOREPLY_DRAIN", "true");
  const CommandLine line = parse_command_line({"run"});
  EXPECT_THAT(line.run.allow_hosts, ElementsAre("a.example", "b.example"));
  EXPECT_TRUE(line.run.drain);
}

TEST(CommandLine, ReadsTheConfigFileNamedByTheEnvironment) {
  const ScopedFile file("limit = 3\n");
  const ScopedVariable config("AUTOREPLY_CONFIG", file.path().c_str());
  EXPECT_EQ(3, parse_command_line({"run"}).run.limit);
}

TEST(CommandLine, TakesKeysOfAFileWithAndWithoutTheCommandsSection) {
  const ScopedFile file(
      "database = \"sqlite:f.db\"\n[run]\nlimit = 5\nallow-host = [\"x\", \"y\"]\n");
  const CommandLine line = parse_command_line({"--config", file.path(), "run"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ("sqlite:f.db", line.global.database.url);
  EXPECT_EQ(5, line.run.limit);
  EXPECT_THAT(line.run.allow_hosts, ElementsAre("x", "y"));
}

TEST(CommandLine, RefusesAFileWithAnUnknownKey) {
  const ScopedFile file("limits = 5\n");
  const CommandLine line = parse_command_line({"--config", file.path(), "run"});
  EXPECT_EQ(Command::refuse, line.command);
  EXPECT_EQ(ExitStatus::misconfigured, line.status);
  EXPECT_THAT(line.error, HasSubstr("line 1: there is no option limits: did you mean limit?"));
}

TEST(CommandLine, RefusesAFileThatIsNotThere) {
  const CommandLine line = parse_command_line({"--config", "/nonexistent.toml", "run"});
  EXPECT_EQ(ExitStatus::misconfigured, line.status);
  EXPECT_EQ("--config: /nonexistent.toml cannot be read: No such file or directory", line.error);
  const ScopedVariable variable("AUTOREPLY_CONFIG", "S3CRET");
  EXPECT_EQ("AUTOREPLY_CONFIG: the file cannot be read: No such file or directory",
            parse_command_line({"run"}).error);
}

TEST(CommandLine, DropsWhiteSpaceAtTheEndsOfValuesFromElsewhere) {
  const ScopedVariable token("AUTOREPLY_CALLBACK_TOKEN", "t0ken\n");
  const ScopedVariable url("AUTOREPLY_CALLBACK_URL", " http://127.0.0.1/x\r\n");
  const ScopedVariable limit("AUTOREPLY_LIMIT", "7 ");
  const ScopedVariable hosts("AUTOREPLY_ALLOW_HOST", "a.example, b.example\n\nc.example\n");
  const ScopedFile file("provider = \"echo \"\n");
  const CommandLine line = parse_command_line({"run", "--config", file.path()});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ("t0ken", line.run.callback_token.reveal());
  EXPECT_EQ("http://127.0.0.1/x", line.run.callback_url);
  EXPECT_EQ(7, line.run.limit);
  EXPECT_THAT(line.run.allow_hosts, ElementsAre("a.example", "b.example", "c.example"));
  EXPECT_EQ("echo", line.run.provider);
}

TEST(CommandLine, TakesAnEmptyVariableForNone) {
  const ScopedVariable limit("AUTOREPLY_LIMIT", "");
  const ScopedVariable token("AUTOREPLY_CALLBACK_TOKEN", "\n");
  const ScopedVariable path("AUTOREPLY_DATABASE_FILE", "");
  const CommandLine line = parse_command_line({"run"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ(100, line.run.limit);
  EXPECT_FALSE(line.global.database_given);
}

TEST(CommandLine, ReadsValuesFromFilesThatTheEnvironmentNames) {
  const ScopedFile token("t0ken\n");
  const ScopedVariable token_file("AUTOREPLY_CALLBACK_TOKEN_FILE", token.path().c_str());
  const ScopedFile hosts("a.example\n\n  b.example\r\n");
  const ScopedVariable hosts_file("AUTOREPLY_ALLOW_HOST_FILE", hosts.path().c_str());
  const ScopedFile config("limit = 3\ncallback-token = \"other\"\n");
  const ScopedVariable config_path("AUTOREPLY_CONFIG", config.path().c_str());
  const CommandLine line = parse_command_line({"run"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ("t0ken", line.run.callback_token.reveal());
  EXPECT_THAT(line.run.allow_hosts, ElementsAre("a.example", "b.example"));
  EXPECT_EQ(3, line.run.limit);
  EXPECT_THAT(line.global.warnings, testing::IsEmpty());
}

TEST(CommandLine, RefusesFilesThatTheEnvironmentNamesInVain) {
  const auto error_of = [](const std::string& path) {
    const ScopedVariable file("AUTOREPLY_CALLBACK_TOKEN_FILE", path.c_str());
    const CommandLine line = parse_command_line({"run"});
    EXPECT_EQ(ExitStatus::misconfigured, line.status) << line.error;
    return line.error;
  };
  EXPECT_EQ("AUTOREPLY_CALLBACK_TOKEN_FILE: the file cannot be read: No such file or directory",
            error_of("S3CRET"));
  EXPECT_THAT(error_of("/tmp"), HasSubstr("it is a directory"));
  EXPECT_THAT(error_of("/dev/zero"), HasSubstr("65536 bytes"));
  const ScopedFile empty("\n");
  EXPECT_THAT(error_of(empty.path()), HasSubstr("contains no value"));
  const ScopedFile two("S3CR\nET\n");
  EXPECT_THAT(error_of(two.path()), HasSubstr("on one line"));
  EXPECT_THAT(error_of(two.path()), Not(HasSubstr("S3CR")));
}

TEST(CommandLine, RefusesAVariableTogetherWithItsFile) {
  const ScopedVariable token("AUTOREPLY_CALLBACK_TOKEN", "t0ken");
  const ScopedVariable file("AUTOREPLY_CALLBACK_TOKEN_FILE", "/nonexistent");
  const CommandLine line = parse_command_line({"run"});
  EXPECT_EQ(ExitStatus::misconfigured, line.status);
  EXPECT_EQ(
      "AUTOREPLY_CALLBACK_TOKEN and AUTOREPLY_CALLBACK_TOKEN_FILE are both set: unset one of "
      "them",
      line.error);
  EXPECT_EQ(Command::migrate, parse_command_line({"migrate"}).command) << "it has no such option";
  EXPECT_EQ(Command::run, parse_command_line({"run", "--callback-token=x"}).command);
}

TEST(CommandLine, WarnsOfVariablesThatAreNoOptions) {
  const ScopedVariable limit("AUTOREPLY_LIMTI", "5");
  const ScopedVariable database("AUTOREPLY_DATABSE_FILE", "/x");
  const ScopedVariable other("AUTOREPLY_FROBNICATE", "S3CRET");
  const ScopedVariable key("AUTOREPLY_KEY_WS_1", "sk-x");
  const ScopedVariable test("AUTOREPLY_TEST_SEED", "5");
  const ScopedVariable service("AUTOREPLY_SERVICE_HOST", "10.0.0.1");
  const ScopedVariable port("AUTOREPLY_PORT_80_TCP", "tcp://10.0.0.1:80");
  const ScopedVariable hidden("AUTOREPLY_METRICS_FILE", "x");
  const ScopedVariable empty("AUTOREPLY_LIMITS", "");
  const auto expected =
      ElementsAre("AUTOREPLY_DATABSE_FILE is not an option: did you mean AUTOREPLY_DATABASE_FILE?",
                  "AUTOREPLY_FROBNICATE is not an option",
                  "AUTOREPLY_LIMTI is not an option: did you mean AUTOREPLY_LIMIT?");
  EXPECT_THAT(parse_command_line({"migrate"}).global.warnings, expected);
  EXPECT_THAT(parse_command_line({"run", "--nonsense"}).global.warnings, expected);
}

TEST(CommandLine, ServesEveryCommandWithOneFile) {
  const ScopedFile file(
      "database = \"sqlite:f.db\"\nlimit = 5\noutput = \"json\"\n[run]\ndrain = true\n"
      "[migrate]\ndatabase = \"sqlite:m.db\"\n");
  const CommandLine run = parse_command_line({"run", "--config", file.path()});
  ASSERT_EQ(Command::run, run.command) << run.error;
  EXPECT_EQ("sqlite:f.db", run.global.database.url);
  EXPECT_TRUE(run.run.drain);
  const CommandLine migrate = parse_command_line({"migrate", "--config", file.path()});
  ASSERT_EQ(Command::migrate, migrate.command) << migrate.error;
  EXPECT_EQ("sqlite:m.db", migrate.global.database.url);
  EXPECT_TRUE(migrate.global.database_given);
  EXPECT_EQ(OutputFormat::json, migrate.global.output);
}

TEST(CommandLine, SaysWhatIsWrongInAFile) {
  for (const auto& [content, message] :
       {std::pair{"limti = 5\n", "line 1: there is no option limti: did you mean limit?"},
        {"a = 1\n", "line 1: there is no option a"},
        {"config = \"x\"\n", "line 1: a file cannot name another one"},
        {"[rnu]\nlimit = 5\n", "line 2: the section does not name a command: did you mean run?"},
        {"[migrate]\nlimit = 5\n", "line 2: there is no option limit"},
        {"limit = 5\n\nlimit = 6\n", "line 3: limit is already set on line 1"},
        {"limit = [5, 6]\n", "line 1: limit takes one value"},
        {"limit = 0\n", "line 1: limit: write a whole number from 1 to 1000000000"},
        {"limit = \"\"\n", "line 1: limit needs a value"},
        {"callback-token = \"a\\nb\"\n",
         "line 1: callback-token must be one line without control characters"},
        {"# note\nfail-on = \"x\"\n", "line 2: fail-on: use retry, error or never"}}) {
    const ScopedFile file(content);
    const CommandLine line = parse_command_line({"run", "--config", file.path()});
    EXPECT_EQ(ExitStatus::misconfigured, line.status);
    EXPECT_EQ(file.path() + ", " + message, line.error);
  }
}

TEST(CommandLine, KeepsEveryCharacterOfAValueInAFile) {
  const ScopedFile file("callback-token = \"ab#cd,e\"\ndatabase = 'postgresql://u:a#b,c@h/d'\n");
  const CommandLine line = parse_command_line({"run", "--config", file.path()});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ("ab#cd,e", line.run.callback_token.reveal());
  EXPECT_EQ("postgresql://u:a#b,c@h/d", line.global.database.url);
}

}  // namespace
}  // namespace autoreply

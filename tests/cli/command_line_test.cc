#include "cli/command_line.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using Command = CommandLine::Command;

/// Sets a variable of the environment for as long as it lives.
class ScopedVariable final {
 public:
  ScopedVariable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~ScopedVariable() { unsetenv(name_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  const char* name_;
};

class ScopedFile final {
 public:
  explicit ScopedFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("autoreply-options-" + std::to_string(getpid()) + ".toml")) {
    std::ofstream(path_) << text;
  }
  ~ScopedFile() { std::filesystem::remove(path_); }
  ScopedFile(const ScopedFile&) = delete;
  ScopedFile& operator=(const ScopedFile&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST(CommandLine, HasTheContractsDefaults) {
  const CommandLine line = parse_command_line({"run"});
  ASSERT_EQ(Command::run, line.command) << line.text;
  EXPECT_EQ("sqlite:autoreply.db", line.global.database.url);
  EXPECT_EQ(milliseconds{20'000}, line.global.database.wait);
  EXPECT_EQ(100, line.run.limit);
  EXPECT_EQ(16, line.run.concurrency);
  EXPECT_FALSE(line.run.drain);
  EXPECT_EQ(milliseconds{0}, line.run.max_time);
  EXPECT_EQ(milliseconds{120'000}, line.run.lease);
  EXPECT_EQ(milliseconds{25'000}, line.run.grace);
  EXPECT_EQ(3, line.run.retry.max_attempts);
  EXPECT_EQ(milliseconds{5'000}, line.run.retry.backoff.base);
  EXPECT_EQ(5.0, line.run.retry.backoff.factor);
  EXPECT_EQ(milliseconds{3'600'000}, line.run.retry.backoff.cap);
  EXPECT_EQ(0.2, line.run.retry.backoff.jitter);
  EXPECT_EQ(milliseconds{86'400'000}, line.run.max_age);
  EXPECT_EQ(milliseconds{120'000}, line.run.retry.in_doubt_wait);
  EXPECT_EQ(2, line.run.max_sends);
  EXPECT_EQ(milliseconds{60'000}, line.run.provider_timeout);
  EXPECT_EQ(milliseconds{15'000}, line.run.callback_timeout);
  EXPECT_EQ(1'600U, line.run.reply_chars_max);
  EXPECT_THAT(line.global.database.message_types, ElementsAre("sms", "mms", "text"));
  EXPECT_EQ(FailOn::retry, line.run.fail_on);
  EXPECT_EQ(OutputFormat::text, line.run.output);
}

TEST(CommandLine, ReadsEveryKindOfOption) {
  const CommandLine line = parse_command_line({"--log-level",
                                               "WARN",
                                               "run",
                                               "--limit",
                                               "7",
                                               "--drain",
                                               "--lease=90s",
                                               "--backoff-jitter",
                                               "0",
                                               "--workspace",
                                               "a,b",
                                               "--workspace",
                                               "c",
                                               "--since",
                                               "2026-11-22T10:00:00Z",
                                               "--callback-token",
                                               "t0ken",
                                               "--fail-on",
                                               "never",
                                               "--output",
                                               "json",
                                               "--queue-table",
                                               "host.queue"});
  ASSERT_EQ(Command::run, line.command) << line.text;
  EXPECT_EQ(LogLevel::warn, line.global.log_level);
  EXPECT_EQ(7, line.run.limit);
  EXPECT_TRUE(line.run.drain);
  EXPECT_EQ(milliseconds{90'000}, line.run.lease);
  EXPECT_EQ(0.0, line.run.retry.backoff.jitter);
  EXPECT_THAT(line.run.filter.workspace_ids, ElementsAre("a", "b", "c"));
  EXPECT_EQ("2026-11-22T10:00:00Z", line.run.filter.created_since);
  EXPECT_EQ("t0ken", line.run.callback_token.reveal());
  EXPECT_EQ(FailOn::never, line.run.fail_on);
  EXPECT_EQ(OutputFormat::json, line.run.output);
  EXPECT_EQ("host.queue", line.global.database.tables.queue);
}

TEST(CommandLine, TakesGlobalOptionsBehindTheCommandToo) {
  EXPECT_EQ("sqlite:x.db",
            parse_command_line({"run", "--database", "sqlite:x.db"}).global.database.url);
  EXPECT_EQ("sqlite:x.db",
            parse_command_line({"--database", "sqlite:x.db", "run"}).global.database.url);
}

TEST(CommandLine, RanksArgumentsAboveTheEnvironmentAboveTheFile) {
  const ScopedFile file("limit = 1\nconcurrency = 2\ncallback-timeout = \"3s\"\n");
  const ScopedVariable limit("AUTOREPLY_LIMIT", "10");
  const ScopedVariable concurrency("AUTOREPLY_CONCURRENCY", "20");
  const CommandLine line = parse_command_line({"--config", file.path(), "run", "--limit", "100"});
  ASSERT_EQ(Command::run, line.command) << line.text;
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
  ASSERT_EQ(Command::run, line.command) << line.text;
  EXPECT_EQ("sqlite:f.db", line.global.database.url);
  EXPECT_EQ(5, line.run.limit);
  EXPECT_THAT(line.run.allow_hosts, ElementsAre("x", "y"));
}

TEST(CommandLine, RefusesAFileWithAnUnknownKey) {
  const ScopedFile file("limits = 5\n");
  const CommandLine line = parse_command_line({"--config", file.path(), "run"});
  EXPECT_EQ(Command::answered, line.command);
  EXPECT_EQ(ExitStatus::misconfigured, line.status);
  EXPECT_THAT(line.text, HasSubstr("limits"));
}

TEST(CommandLine, RefusesAFileThatIsNotThere) {
  const CommandLine line = parse_command_line({"--config", "/nonexistent.toml", "run"});
  EXPECT_EQ(ExitStatus::misconfigured, line.status);
  EXPECT_THAT(line.text, HasSubstr("/nonexistent.toml"));
}

TEST(CommandLine, RefusesWrongUsageOnOneLine) {
  const std::vector<std::vector<std::string>> wrong{{},
                                                    {"sprint"},
                                                    {"run", "--limit"},
                                                    {"run", "--limit", "0"},
                                                    {"run", "--limit", "many"},
                                                    {"run", "--concurrency", "100000"},
                                                    {"run", "--lease", "2 minutes"},
                                                    {"run", "--backoff-factor", "0.5"},
                                                    {"run", "--backoff-jitter", "2"},
                                                    {"run", "--fail-on", "sometimes"},
                                                    {"run", "--since", "yesterday"},
                                                    {"run", "--queue-table", "x; drop table y"},
                                                    {"run", "--max-reply-chars", "5000"},
                                                    {"run", "--frobnicate"}};
  for (const auto& arguments : wrong) {
    const CommandLine line = parse_command_line(arguments);
    EXPECT_EQ(Command::answered, line.command);
    EXPECT_EQ(ExitStatus::usage, line.status) << line.text;
    EXPECT_TRUE(line.to_stderr);
    EXPECT_EQ(line.text.size() - 1, line.text.find('\n')) << line.text;
  }
}

TEST(CommandLine, LimitsContactsAndWorkspacesUnlessToldOtherwise) {
  const RunOptions as_it_is = parse_command_line({"run"}).run;
  EXPECT_EQ(5, as_it_is.limits.contact_per_minute);
  EXPECT_EQ(30, as_it_is.limits.contact_per_hour);
  EXPECT_EQ(100, as_it_is.limits.workspace_per_minute);
  EXPECT_EQ(0, as_it_is.limits.per_minute);
  EXPECT_FALSE(as_it_is.coalesce);
  const RunOptions told = parse_command_line({"run",
                                              "--contact-per-minute=0",
                                              "--contact-per-hour=7",
                                              "--workspace-per-minute=8",
                                              "--per-minute=9",
                                              "--coalesce"})
                              .run;
  EXPECT_EQ(0, told.limits.contact_per_minute);
  EXPECT_EQ(7, told.limits.contact_per_hour);
  EXPECT_EQ(8, told.limits.workspace_per_minute);
  EXPECT_EQ(9, told.limits.per_minute);
  EXPECT_TRUE(told.coalesce);
  EXPECT_EQ(ExitStatus::usage, parse_command_line({"run", "--per-minute=-1"}).status);
}

TEST(CommandLine, TakesOnlyTheOffValueOfWhatThisVersionLacks) {
  for (const char* sink : {"--metrics-file", "--pushgateway", "--ping-url", "--summary-file"}) {
    EXPECT_EQ(ExitStatus::usage, parse_command_line({"run", sink, "x"}).status) << sink;
  }
}

TEST(CommandLine, AnswersHelpAndVersionOnStandardOutput) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--help"}, {"run", "--help"}, {"migrate", "--help"}, {"--version"}}) {
    const CommandLine line = parse_command_line(arguments);
    EXPECT_EQ(Command::answered, line.command);
    EXPECT_EQ(ExitStatus::ok, line.status);
    EXPECT_FALSE(line.to_stderr);
    EXPECT_FALSE(line.text.empty());
  }
}

}  // namespace
}  // namespace autoreply

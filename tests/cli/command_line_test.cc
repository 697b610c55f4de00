#include "cli/command_line.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/uuid.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Command = CommandLine::Command;

/// Sets an environment variable during the object's lifetime.
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
              ("autoreply-options-" + random_uuid() + ".toml")) {
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
  ASSERT_EQ(Command::run, line.command) << line.error;
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
  EXPECT_EQ(OutputFormat::text, line.global.output);
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
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ(LogLevel::warn, line.global.log_level);
  EXPECT_EQ(7, line.run.limit);
  EXPECT_TRUE(line.run.drain);
  EXPECT_EQ(milliseconds{90'000}, line.run.lease);
  EXPECT_EQ(0.0, line.run.retry.backoff.jitter);
  EXPECT_THAT(line.run.filter.workspace_ids, ElementsAre("a", "b", "c"));
  EXPECT_EQ("2026-11-22T10:00:00Z", line.run.filter.created_since);
  EXPECT_EQ("t0ken", line.run.callback_token.reveal());
  EXPECT_EQ(FailOn::never, line.run.fail_on);
  EXPECT_EQ(OutputFormat::json, line.global.output);
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

/// Returns the complaint about wrong usage; empty if there is none.
std::string complaint(const std::vector<std::string>& arguments) {
  const CommandLine line = parse_command_line(arguments);
  EXPECT_TRUE(line.command != Command::refuse || line.status == ExitStatus::usage) << line.error;
  return line.error;
}

TEST(CommandLine, SaysWhatIsWrongAndWhatToWrite) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{}, "name a command: run, migrate or unblock (see autoreply --help)"},
      {{"unblock"}, "write autoreply unblock NAME (see autoreply unblock --help)"},
      {{"unblock", ""}, "the NAME must be text (see autoreply unblock --help)"},
      {{"unblock", "callback:1", "callback:2"},
       "unblock takes one argument and options, but a second argument was given (see autoreply "
       "unblock --help)"},
      {{"rnu"}, "there is no command 'rnu': did you mean run?"},
      {{"fly"}, "there is no command 'fly' (see autoreply --help)"},
      {{"run", "fast"}, "run takes no argument 'fast' (see autoreply run --help)"},
      {{"run", "--limti", "5"}, "there is no option --limti: did you mean --limit?"},
      {{"run", "--callback_url=x"},
       "there is no option --callback_url: did you mean --callback-url?"},
      {{"run", "-limit"}, "there is no option -limit: did you mean --limit?"},
      {{"run", "--frobnicate"}, "there is no option --frobnicate (see autoreply run --help)"},
      {{"run", "\u2013\u2013drain"},
       "an argument begins with a dash that is not a hyphen: type it as --option"},
      {{"migrate", "--limit", "5"}, "--limit is an option of run, not of migrate"},
      {{"--limit", "5", "run"}, "--limit must follow the command: autoreply run --limit"},
      {{"run", "--limit"}, "--limit needs a value"},
      {{"run", "--id"}, "--id needs a value"},
      {{"run", "--id="}, "--id needs a value"},
      {{"run", "--id", ""}, "--id needs a value"},
      {{"run", "--workspace", " , "}, "--workspace ' , ' needs a value"},
      {{"run", "--provider=", "--dry-run"}, "--provider needs a value"},
      {{"run", "--limit", "0"}, "--limit '0': write a whole number from 1 to 1000000000"},
      {{"run", "--limit", "many"}, "--limit 'many': write a whole number from 1 to 1000000000"},
      {{"run", "--limit", "5x"}, "--limit '5x': write a whole number from 1 to 1000000000"},
      {{"run", "--limit=99999999999999999999"},
       "--limit '99999999999999999999': write a whole number from 1 to 1000000000"},
      {{"run", "--concurrency", "4001"},
       "--concurrency '4001': write a whole number from 1 to 4000"},
      {{"run", "--per-minute=-1"}, "--per-minute '-1': write a whole number from 0 to 1000000000"},
      {{"run", "--max-reply-chars", "5000"},
       "--max-reply-chars '5000': write a whole number from 1 to 1600"},
      {{"run", "--lease", "2 minutes"},
       "--lease '2 minutes': write a duration such as 250ms, 90s, 5m, 24h, 1d or 1w"},
      {{"run", "--lease", "1ms"}, "--lease '1ms' must be at least 1s"},
      {{"run", "--provider-timeout", "0"}, "--provider-timeout '0' must be at least 1ms"},
      {{"run", "--backoff-factor", "0.5"}, "--backoff-factor '0.5': write a number from 1 to 1000"},
      {{"run", "--backoff-jitter", "nan"}, "--backoff-jitter 'nan': write a number from 0 to 1"},
      {{"run", "--fail-on", "sometimes"}, "--fail-on 'sometimes': use retry, error or never"},
      {{"run", "--output", "xml"}, "--output 'xml': use text or json"},
      {{"run", "--drain=perhaps"}, "--drain 'perhaps': use true or false"},
      {{"run", "--id", "7"}, "--id '7': write the id of a job, a UUID"},
      {{"run", "--since", "2026-99-99"},
       "--since '2026-99-99': write a day or time such as 2026-11-22 or 2026-11-22T10:00:00Z, or "
       "an age such as 2h"},
      {{"run", "--since", "1h", "--until", "2h"}, "--since must be earlier than --until"},
      {{"run", "--provider", "openia"},
       "--provider 'openia': there is no such provider: did you mean openai?"},
      {{"run", "--allow-host", "https://a.example"},
       "--allow-host 'https://a.example': write a host without scheme, port and path, such as "
       "api.example.com"},
      {{"run", "--country-code", "0044"},
       "--country-code '0044': write a country's calling code of one to three digits, such as 1 or "
       "44"},
      {{"run", "--threads", "8"}, "--threads: not available in this version: leave it out"},
      {{"run", "--workspace", "a\nb"}, "--workspace must be one line without control characters"},
      {{"run", "--workspace", "\xFF"}, "--workspace must be UTF-8"},
  };
  for (const auto& [arguments, message] : cases) EXPECT_EQ(message, complaint(arguments));
}

TEST(CommandLine, NeverTakesTheNextOptionForAValue) {
  for (const char* option : {"--provider", "--workspace", "--id", "--callback-token", "--config"}) {
    for (const char* next : {"--dry-run", "--limit=5", "-h", "-5", "--", "-"}) {
      EXPECT_THAT(complaint({"run", option, next}),
                  testing::StartsWith(std::string(option) + " needs a value"));
    }
  }
  EXPECT_EQ("-t0ken",
            parse_command_line({"run", "--callback-token=-t0ken"}).run.callback_token.reveal());
}

TEST(CommandLine, RefusesNamesOfTablesThatAreNone) {
  for (const char* name : {"x; drop table y", "a.b.c", ".a", "a.", ".", "a..b", "\"a\"", "a b"}) {
    EXPECT_THAT(complaint({"run", "--queue-table", name}), HasSubstr("name or schema.name"));
  }
  EXPECT_NE("", complaint({"run", "--queue-table", std::string(64, 'a')}));
  EXPECT_EQ("", complaint({"run", "--queue-table", "host.queue_2"}));
}

TEST(CommandLine, RefusesUrlsThatLeadNowhere) {
  for (const char* url : {"nowhere",
                          "http://",
                          "https:///send-sms",
                          "http://:8080/send-sms",
                          "http://h:99999/x",
                          "http://h:0/x",
                          "http://h:port/x",
                          "ftp://h/x",
                          "http://h x/"}) {
    EXPECT_THAT(complaint({"run", "--callback-url", url}), HasSubstr("--callback-url")) << url;
  }
  EXPECT_EQ("", complaint({"run", "--callback-url", "http://[::1]:8080/send-sms"}));
}

TEST(CommandLine, TakesHostsInEveryForm) {
  const auto hosts =
      parse_command_line({"run", "--allow-host=A.example,127.0.0.1,[::1],::2,a_b"}).run.allow_hosts;
  EXPECT_THAT(hosts, ElementsAre("a.example", "127.0.0.1", "::1", "::2", "a_b"));
  for (const char* host : {"a:80", "a/b", "u@a", "[::1]:80", "*.example", "a b", "?"}) {
    EXPECT_NE("", complaint({"run", "--key-host", host})) << host;
  }
}

TEST(CommandLine, ReadsTimesAsInstants) {
  const CommandLine line =
      parse_command_line({"run", "--since", "2026-11-22T10:00:00+02:00", "--until=1d"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ("2026-11-22T08:00:00Z", line.run.filter.created_since);
  EXPECT_THAT(line.run.filter.created_before.value_or(""), testing::EndsWith("Z"));
}

TEST(CommandLine, TakesTheLastOfTwoValues) {
  const CommandLine line = parse_command_line({"run",
                                               "--limit=5",
                                               "--limit=7",
                                               "--drain",
                                               "--drain",
                                               "--coalesce",
                                               "--coalesce=no",
                                               "--output=json",
                                               "--output=text",
                                               "--callback-token=a",
                                               "--callback-token=b"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ(7, line.run.limit);
  EXPECT_TRUE(line.run.drain);
  EXPECT_FALSE(line.run.coalesce);
  EXPECT_EQ(OutputFormat::text, line.global.output);
  EXPECT_EQ("b", line.run.callback_token.reveal());
}

TEST(CommandLine, ReadsTheOptionsOfTheContract) {
  const RunOptions by_default = parse_command_line({"run"}).run;
  EXPECT_EQ(milliseconds{86'400'000}, by_default.outage_wait);
  EXPECT_FALSE(by_default.skip_answered);
  EXPECT_FALSE(by_default.country_code);
  EXPECT_FALSE(by_default.carrier_words);
  EXPECT_THAT(by_default.opted_out_statuses, testing::IsEmpty());
  EXPECT_FALSE(by_default.shared_keys);
  const CommandLine line = parse_command_line({"run",
                                               "--outage-wait=0",
                                               "--skip-answered",
                                               "--country-code=+44",
                                               "--carrier-words=help, info",
                                               "--carrier-words=hilfe",
                                               "--opted-out-status=gone",
                                               "--shared-keys",
                                               "--concurrency=4000",
                                               "--max-age=1w"});
  ASSERT_EQ(Command::run, line.command) << line.error;
  EXPECT_EQ(milliseconds{0}, line.run.outage_wait);
  EXPECT_TRUE(line.run.skip_answered);
  EXPECT_EQ("44", line.run.country_code);
  EXPECT_THAT(line.run.carrier_words.value(), ElementsAre("help", "info", "hilfe"));
  EXPECT_THAT(line.run.opted_out_statuses, ElementsAre("gone"));
  EXPECT_TRUE(line.run.shared_keys);
  EXPECT_EQ(4'000, line.run.concurrency);
  EXPECT_THAT(parse_command_line({"run", "--carrier-words=none"}).run.carrier_words.value(),
              testing::IsEmpty());
}

TEST(CommandLine, RefusesWhatThisVersionLacks) {
  for (const char* name : {"threads",
                           "linger",
                           "quiet-hours",
                           "timezone",
                           "daily-budget",
                           "context-messages",
                           "metrics-file",
                           "pushgateway",
                           "ping-url",
                           "summary-file",
                           "log-bodies"}) {
    const std::string option = std::string("--") + name;
    for (const auto& arguments : std::vector<std::vector<std::string>>{{"run", option},
                                                                       {"run", option, "x"},
                                                                       {"run", option + "="},
                                                                       {"run", option + "=x"}}) {
      EXPECT_EQ(option + ": not available in this version: leave it out", complaint(arguments));
    }
    const ScopedFile file(std::string(name) + " = \"x\"\n");
    EXPECT_EQ(ExitStatus::misconfigured,
              parse_command_line({"run", "--config", file.path()}).status);
    EXPECT_EQ(Command::migrate, parse_command_line({"migrate", "--config", file.path()}).command);
    EXPECT_THAT(parse_command_line({"run", "--help"}).text, Not(HasSubstr(option))) << option;
  }
}

// Secrets.

TEST(CommandLine, RepeatsNoSecretThatIsInTheWrongPlace) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"run", "--database", "postgresql//u:S3CR@h/d"},
           {"run", "--database", "postgresql://u:S3CR%zz@h/d"},
           {"run", "--database", "postgresql://u:a/S3CR@h/d"},
           {"run", "--databse=postgresql://u:S3CR@h/d"},
           {"run", "--S3CR3T"},
           {"run", "postgresql://u:S3CR@h/d"},
           {"postgresql://u:S3CR@h/d", "run"},
           {"run", "--callback-token", "S3CR ET"},
           {"run", "--callback-token", "-S3CR"},
           {"run", "--callback-url", "https//u:S3CR@h/d"},
           {"run", "--callback-url", "https://u:S3CR@h:99999/d"}}) {
    const std::string error = complaint(arguments);
    EXPECT_NE("", error) << arguments.back();
    EXPECT_THAT(error, Not(HasSubstr("S3CR")));
    EXPECT_EQ(std::string::npos, error.find('\n'));
  }
}

TEST(CommandLine, RepeatsNoValueFromElsewhere) {
  for (const char* name : {"AUTOREPLY_DATABASE",
                           "AUTOREPLY_CALLBACK_URL",
                           "AUTOREPLY_LIMIT",
                           "AUTOREPLY_LEASE",
                           "AUTOREPLY_FAIL_ON",
                           "AUTOREPLY_DRAIN",
                           "AUTOREPLY_ID",
                           "AUTOREPLY_SINCE",
                           "AUTOREPLY_PROVIDER",
                           "AUTOREPLY_ALLOW_HOST",
                           "AUTOREPLY_QUEUE_TABLE",
                           "AUTOREPLY_COUNTRY_CODE"}) {
    const ScopedVariable variable(name, "x://S3CR ET:y@");
    const CommandLine line = parse_command_line({"run"});
    EXPECT_EQ(ExitStatus::misconfigured, line.status) << name;
    EXPECT_THAT(line.error, testing::StartsWith(name));
    EXPECT_THAT(line.error, Not(HasSubstr("S3CR")));
  }
  for (const char* content : {"limit = \"S3CRET\"\n",
                              "callback-token: S3CRET\n",
                              "S3CRET\n",
                              "S3CRETabc=\n",
                              "S3CRETabc==\n",
                              "S3CRET = 5\n",
                              "limit = 5 # x\nlimit = \"S3CRET\"\n",
                              "database = postgresql://u:S3CR%zz@h/d\n",
                              "[S3CRET]\nlimit = 5\n"}) {
    const ScopedFile file(content);
    const CommandLine line = parse_command_line({"run", "--config", file.path()});
    EXPECT_EQ(ExitStatus::misconfigured, line.status) << content;
    EXPECT_THAT(line.error, testing::MatchesRegex(".*, line [12]: .*")) << content;
    EXPECT_THAT(line.error, Not(HasSubstr("S3CR"))) << content;
  }
}

TEST(CommandLine, KeepsTheEnvironmentOutOfOtherOptionsValues) {
  const ScopedVariable database("AUTOREPLY_DATABASE", "postgresql://u:S3CR@h/d");
  EXPECT_EQ("--id needs a value", complaint({"run", "--id"}));
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

// Other sources.

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

TEST(CommandLine, TakesTheNameOfABreaker) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"unblock", "callback:1/ws 1", "--database", "sqlite:a.db"},
        {"--database=sqlite:a.db", "unblock", "callback:1/ws 1"}}) {
    const CommandLine line = parse_command_line(words);
    ASSERT_EQ(Command::unblock, line.command) << line.error;
    EXPECT_EQ("callback:1/ws 1", line.unblock.name);
    EXPECT_EQ("sqlite:a.db", line.global.database.url);
  }
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

TEST(CommandLine, KnowsTheWantedOutputThoughTheRestIsWrong) {
  const auto output_of = [](const std::vector<std::string>& arguments) {
    const CommandLine line = parse_command_line(arguments);
    EXPECT_EQ(Command::refuse, line.command);
    return line.global.output;
  };
  EXPECT_EQ(OutputFormat::text, output_of({"run", "--limit", "0"}));
  EXPECT_EQ(OutputFormat::json, output_of({"run", "--limit", "0", "--output", "json"}));
  EXPECT_EQ(OutputFormat::json, output_of({"--output=JSON", "rnu"}));
  EXPECT_EQ(OutputFormat::json, output_of({"run", "--output", "json", "--id"}));
  const ScopedFile file("output = \"json\"\nlimit = 0\n");
  EXPECT_EQ(OutputFormat::json, output_of({"run", "--config", file.path(), "--nonsense"}));
  EXPECT_EQ(OutputFormat::json, output_of({"run", "--config", file.path()}));
  EXPECT_EQ(OutputFormat::text, output_of({"run", "--config", file.path(), "--output=text"}));
  const ScopedVariable variable("AUTOREPLY_OUTPUT", "json\n");
  EXPECT_EQ(OutputFormat::json, output_of({"run", "--limit", "0"}));
  EXPECT_EQ(OutputFormat::text, output_of({"run", "--limit", "0", "--output", "text"}));
}

// Help.

TEST(CommandLine, AnswersHelpAndVersion) {
  for (const auto& [arguments, part] :
       std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--help"}, "Usage: autoreply [global options] COMMAND [options]"},
           {{"-h"}, "  migrate "},
           {{"run", "--help"}, "--callback-url URL"},
           {{"run", "-h"}, "--database URL"},
           {{"run", "--limit", "5", "--help", "--nonsense"}, "--limit N"},
           {{"migrate", "--help"}, "--print"},
           {{"--version"}, "autoreply "}}) {
    const CommandLine line = parse_command_line(arguments);
    EXPECT_EQ(Command::answer, line.command);
    EXPECT_THAT(line.text, HasSubstr(part));
  }
}

TEST(CommandLine, KeepsHelpWithin80ColumnsAndToItself) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--help"}, {"run", "--help"}, {"migrate", "--help"}}) {
    std::istringstream lines(parse_command_line(arguments).text);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 80U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
    for (const char* internal : {"TEXT", "INT", "FLOAT", "REQUIRED", "Subcommand"}) {
      EXPECT_THAT(lines.str(), Not(HasSubstr(internal))) << internal;
    }
  }
}

}  // namespace
}  // namespace autoreply

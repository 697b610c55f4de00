// What is wrong with a command line, and that no message about it repeats a secret.

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "cli/command_line_fixture.h"

namespace autoreply {
namespace {

using test::complaint;
using test::ScopedFile;
using test::ScopedVariable;
using testing::HasSubstr;
using testing::Not;
using Command = CommandLine::Command;

TEST(CommandLine, SaysWhatIsWrongAndWhatToWrite) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
      {{},
       "name a command: run, migrate, doctor, status, list, show, retry, cancel, unblock, "
       "backfill, "
       "report or purge (see autoreply "
       "--help)"},
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
      {{"run", "--threads", "65"}, "--threads '65': write a whole number from 1 to 64"},
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

}  // namespace
}  // namespace autoreply

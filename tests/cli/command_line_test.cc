#include "cli/command_line.h"

#include <chrono>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_line_fixture.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using test::complaint;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Command = CommandLine::Command;

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
                                              "--daily-budget=5usd",
                                              "--coalesce"})
                              .run;
  EXPECT_EQ(0, told.limits.contact_per_minute);
  EXPECT_EQ(7, told.limits.contact_per_hour);
  EXPECT_EQ(8, told.limits.workspace_per_minute);
  EXPECT_EQ(9, told.limits.per_minute);
  EXPECT_EQ(DailyBudget{.nanodollars = 5'000'000'000}, told.limits.daily_budget);
  EXPECT_FALSE(as_it_is.limits.daily_budget.limits());
  EXPECT_EQ(ExitStatus::usage, parse_command_line({"run", "--daily-budget=5"}).status);
  EXPECT_TRUE(told.coalesce);
  EXPECT_EQ(ExitStatus::usage, parse_command_line({"run", "--per-minute=-1"}).status);
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

TEST(CommandLine, TakesTheJobsToChangeFromTheCommandLineOnly) {
  const std::string id = "00000000-0000-4000-8000-00000000000a";
  const test::ScopedVariable other("AUTOREPLY_ID", "00000000-0000-4000-8000-00000000000b");
  const test::ScopedVariable workspace("AUTOREPLY_WORKSPACE", "ws-1");
  const test::ScopedVariable yes("AUTOREPLY_YES", "true");
  const test::ScopedVariable output("AUTOREPLY_OUTPUT", "json");
  const CommandLine retry = parse_command_line({"retry", id, "--status", "failed"});
  ASSERT_EQ(Command::retry, retry.command) << retry.error;
  EXPECT_THAT(retry.retry.selection.filter.job_ids, ElementsAre(id));
  EXPECT_THAT(retry.retry.selection.filter.workspace_ids, testing::IsEmpty());
  EXPECT_THAT(retry.retry.selection.statuses, ElementsAre("error"));
  EXPECT_FALSE(retry.retry.yes);
  EXPECT_EQ(OutputFormat::json, retry.global.output);
  const CommandLine cancel = parse_command_line({"cancel"});
  EXPECT_THAT(cancel.cancel.selection.filter.job_ids, testing::IsEmpty());
  EXPECT_THAT(parse_command_line({"list"}).list.selection.filter.workspace_ids,
              ElementsAre("ws-1"));
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

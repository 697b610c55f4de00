// What a person sees on a terminal while a long command runs.

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include "base/output.h"
#include "base/shell_word.h"
#include "program/program_fixture.h"
#include "support/endpoint.h"
#include "support/postgres_connection.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Terminal : public ProgramTest {
 protected:
  /// The command on a terminal of its own. All that the terminal shows is its standard output.
  static Command on_terminal(Command command) {
    std::vector<std::string> words{shell_word(command.program)};
    for (const std::string& argument : command.arguments) words.push_back(shell_word(argument));
    command.program = "script";
    command.arguments = {"--quiet",
                         "--return",
                         "--flush",
                         "--command",
                         fmt::format("{}", fmt::join(words, " ")),
                         "/dev/null"};
    return command;
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Terminal);

TEST_P(Terminal, ShowsHowFarARunIs) {
  ask_many(3);
  const Exit exit = run_to_end(on_terminal(run_command({"--drain", "--output", "text"})));
  EXPECT_EQ(0, exit.status) << exit.out;
  EXPECT_THAT(exit.out, AllOf(HasSubstr("done ["), HasSubstr(" of 3"), HasSubstr("completed")));
  EXPECT_THAT(exit.out, HasSubstr(std::string(kClearLine) + "20")) << "a line of the log";
}

TEST_P(Terminal, IsSparedElsewhere) {
  ask_many(3);
  EXPECT_THAT(run({"--drain"}).log, Not(HasSubstr("\r")));
}

TEST_P(Terminal, ShowsHowFarAnIndexIs) {
  if (kind() != DatabaseKind::postgres) GTEST_SKIP() << "SQLite builds within the migration's turn";
  const std::string job = ask("Hello?");
  database().execute("drop index autoreply_queue_turn");
  PostgresConnection writer(database().url());
  writer.run(fmt::format("begin; update ai_response_queue set error = null where id = '{}'", job));
  Process process(on_terminal(command({"migrate"})));
  const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
  const std::string shown = "autoreply_queue_turn: waiting for writers before build";
  while (process.output().find(shown) == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  EXPECT_THAT(process.output(), HasSubstr(shown));
  writer.run("commit");
  const Exit exit = process.wait();
  EXPECT_EQ(0, exit.status) << exit.out;
  EXPECT_THAT(exit.out, HasSubstr("built"));
}

}  // namespace
}  // namespace autoreply::test

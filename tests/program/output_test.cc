// Whatever happens to standard output and standard error, the run does its work and ends as if they
// were read.

#include <csignal>

#include <gmock/gmock.h>

#include "program/program_fixture.h"
#include "program/shell.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// Longer than all waits for readers together, with a margin for slow machines.
constexpr std::chrono::seconds kOutputSoon{60};
constexpr int kOutputJobs = 20;

class Output : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ask_many(kOutputJobs);
  }

  Exit run_redirected(const std::string& redirections, const std::vector<std::string>& more = {}) {
    return Process(redirected(run_command(more), redirections)).wait(kOutputSoon);
  }

  void expect_all_answered_once() {
    EXPECT_THAT(rows("ai_response_queue", "t.status = 'complete'"), SizeIs(kOutputJobs));
    EXPECT_EQ(static_cast<std::size_t>(kOutputJobs), standin_.host.count());
    EXPECT_EQ("ok", database().value("pragma integrity_check"));
  }
};

INSTANTIATE_TEST_SUITE_P(, Output, testing::Values(DatabaseKind::sqlite), [](const auto&) {
  return std::string("sqlite");
});

TEST_P(Output, WhoseDescriptorsAreClosedIsNotWrittenIntoTheDatabase) {
  EXPECT_EQ(0, run_redirected("<&- >&- 2>&-", {"--log-level", "debug"}).status);
  expect_all_answered_once();
}

TEST_P(Output, OnAFullDiskChangesNothing) {
  EXPECT_EQ(0, run_redirected(">/dev/full 2>/dev/full").status);
  expect_all_answered_once();
}

TEST_P(Output, OnAFullDiskKeepsTheStatusOfAnError) {
  EXPECT_EQ(78, run_redirected("2>/dev/full", {"--price-file", "/nonexistent"}).status);
  EXPECT_EQ(64, run_redirected(">/dev/full 2>/dev/full", {"--nonsense"}).status);
}

TEST_P(Output, ThatIsLostIsSaidOnStandardError) {
  EXPECT_THAT(run_redirected(">/dev/full").err, HasSubstr("standard output could not be written"));
}

TEST_P(Output, OfALogThatNobodyReadsHoldsNothingUp) {
  const FullPipe pipe;
  Process process(redirected(run_command(), "2>" + pipe.path()));
  const Exit exit = process.wait(kOutputSoon);
  EXPECT_EQ(0, exit.status);
  EXPECT_EQ(kOutputJobs, parse_json(exit.out)["completed"]);
  expect_all_answered_once();
}

TEST_P(Output, OfASummaryThatNobodyReadsHoldsNothingUp) {
  const FullPipe pipe;
  EXPECT_EQ(0, run_redirected(">" + pipe.path()).status);
  expect_all_answered_once();
}

TEST_P(Output, WhoseReaderHasGoneChangesNothing) {
  const Command command =
      in_shell(run_command(),
               "pipe=$(mktemp -u) && mkfifo $pipe && exec 4<>$pipe 5>$pipe 4<&- && rm $pipe &&"
               " exec \"$@\" >&5 2>&5");
  EXPECT_EQ(0, Process(command).wait(kOutputSoon).status);
  expect_all_answered_once();
}

TEST_P(Output, OfTheSummaryIsNotCutShortBySignals) {
  const FullPipe pipe;
  Process process(redirected(run_command(), ">" + pipe.path()));
  // The end of the run is noted last, just before the summary is printed.
  ASSERT_TRUE(
      wait_for_value("select count(*) from autoreply_runs where ended_at is not null", "1"));
  for (const int signal : {SIGTERM, SIGINT, SIGTERM, SIGHUP}) process.send(signal);
  const Exit exit = process.wait(kOutputSoon);
  EXPECT_EQ(0, exit.status);
  expect_all_answered_once();
}

}  // namespace
}  // namespace autoreply::test

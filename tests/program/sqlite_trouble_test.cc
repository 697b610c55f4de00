// Troubles of a SQLite file. Each is reported in one line and loses nothing. Once it is gone, a run
// answers all customers that are left, and no customer is answered twice.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/program_fixture.h"
#include "program/shell.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::SizeIs;

class SqliteTrouble : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    ids_ = ask_many(3);
    database().execute("pragma wal_checkpoint(truncate)");
  }

  [[nodiscard]] fs::path path() { return database().url().substr(std::string("sqlite:").size()); }

  /// Ends the leases, runs once more, and checks that every customer has one answer.
  void expect_that_nothing_is_lost() {
    database().execute(
        "update ai_response_queue set lease_until = '2000-01-01T00:00:00Z'"
        " where claim_token is not null");
    const RunResult result = run();
    EXPECT_EQ(0, result.status) << result.log;
    EXPECT_THAT(rows("ai_response_queue", "t.status = 'complete'"), SizeIs(ids_.size()));
    EXPECT_EQ(ids_.size(), standin_.host.count());
  }

  /// Expects a run that could not even claim and printed one line that names the file.
  void expect_one_line(const Exit& exit, const std::string& text) {
    EXPECT_EQ(69, exit.status);
    EXPECT_EQ(1, std::ranges::count(exit.err, '\n')) << exit.err;
    EXPECT_THAT(exit.err, HasSubstr(text));
  }

  std::vector<std::string> ids_;
};

INSTANTIATE_TEST_SUITE_P(, SqliteTrouble, testing::Values(DatabaseKind::sqlite), [](const auto&) {
  return std::string("sqlite");
});

TEST_P(SqliteTrouble, ADirectoryOrALetterForAFileIsToldInOneLine) {
  const std::string directory = path().parent_path();
  expect_one_line(run_to_end(run_command({"--database", "sqlite:" + directory})),
                  directory + " is a directory");
  expect_one_line(run_to_end(run_command({"--database", "sqlite:/bin/sh"})),
                  "/bin/sh is not a valid SQLite file: file is not a database");
}

TEST_P(SqliteTrouble, AFileThatMayNotBeWrittenIsToldAndLosesNothing) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can run the program as somebody else";
  Command command = run_command();
  command.user = "nobody";
  for (const mode_t directory : {0555U, 0755U}) {
    // All users may read the file. Tried with the log and its index, and without them.
    chmod(path().c_str(), 0444);
    chmod(path().parent_path().c_str(), directory);
    const Exit exit = run_to_end(command);
    EXPECT_EQ(69, exit.status);
    EXPECT_THAT(exit.err, HasSubstr("cannot be opened for writing"));
  }
  chmod(path().c_str(), 0644);
  EXPECT_EQ(0U, standin_.provider.count());
  expect_that_nothing_is_lost();
}

TEST_P(SqliteTrouble, AFileThatStaysLockedAtTheClaimIsLeftToTheNextRun) {
  database().execute("begin exclusive");
  const RunResult result = run();
  database().execute("rollback");
  EXPECT_EQ(75, result.status);
  EXPECT_EQ(0, result["claimed"]);
  EXPECT_THAT(result.log, HasSubstr("is locked by another process"));
  expect_that_nothing_is_lost();
}

TEST_P(SqliteTrouble, AFileThatStaysLockedAtTheEndIsNoRefusal) {
  standin_.provider.hold();
  Process process(run_command({"--limit", "1"}));
  ASSERT_TRUE(standin_.provider.wait_for_requests(1));
  database().execute("begin exclusive");
  process.send(SIGTERM);
  process.send(SIGINT);
  const RunResult result = result_of(process);
  database().execute("rollback");
  standin_.provider.release();
  EXPECT_EQ(75, result.status) << result.log;
  EXPECT_EQ(1, result["lost"]);
  EXPECT_THAT(result.log, HasSubstr("is locked by another process"));
  expect_that_nothing_is_lost();
}

TEST_P(SqliteTrouble, AFileThatIsDeletedDuringTheRunEndsItBeforeAnythingIsSent) {
  standin_.provider.hold();
  Process process(run_command());
  ASSERT_TRUE(standin_.provider.wait_for_requests(ids_.size()));
  fs::rename(path(), path().string() + ".away");
  standin_.provider.release();
  const RunResult result = result_of(process);
  EXPECT_EQ(69, result.status);
  EXPECT_THAT(result.log, HasSubstr(path().string()));
  EXPECT_EQ(0U, standin_.host.count());
  EXPECT_FALSE(fs::exists(path())) << "no empty file stands in its place";
}

TEST_P(SqliteTrouble, AFileThatMayNotGrowEndsTheRunBeforeAnythingIsSent) {
  standin_.provider.hold();
  Process process(run_command());
  ASSERT_TRUE(standin_.provider.wait_for_requests(ids_.size()));
  const rlimit as_large_as_now{.rlim_cur = fs::file_size(path().string() + "-wal"),
                               .rlim_max = RLIM_INFINITY};
  ASSERT_EQ(0, prlimit(process.pid(), RLIMIT_FSIZE, &as_large_as_now, nullptr));
  standin_.provider.release();
  const RunResult result = result_of(process);
  EXPECT_EQ(69, result.status);
  EXPECT_EQ(3, result["lost"]);
  EXPECT_THAT(result.log, HasSubstr("limits on file sizes"));
  EXPECT_EQ(0U, standin_.host.count());
  expect_that_nothing_is_lost();
}

/// Makes a small disk in a mount namespace of the script. Copies the file there, fills the disk as
/// told, runs, makes room and copies the file back.
constexpr const char* kOnASmallDisk = R"(
  set -e
  disk=$(dirname "$FILE")/disk
  mkdir "$disk"
  mount -t tmpfs -o size=2m none "$disk"
  cp "$FILE" "$disk/test.db"
  fill() { dd if=/dev/zero of="$disk/filler" bs=4k 2>/dev/null || true; }
  status=0
  if [ "$FILL" = before ]; then
    fill
    "$@" || status=$?
  else
    "$@" & run=$!
    while [ ! -e "$FILE.asked" ]; do sleep 0.05; done
    fill
    : >"$FILE.filled"
    wait $run || status=$?
  fi
  rm "$disk/filler"
  cp "$disk/test.db" "$FILE.after"
  if [ -e "$disk/test.db-wal" ]; then cp "$disk/test.db-wal" "$FILE.after-wal"; fi
  exit $status
)";

class FullDisk : public SqliteTrouble {
 protected:
  void SetUp() override {
    SqliteTrouble::SetUp();
    const Exit possible = run_to_end(
        {.arguments = {"-rm", "mount", "-t", "tmpfs", "none", "/mnt"}, .program = "unshare"});
    if (possible.status != 0) GTEST_SKIP() << "no disk may be mounted here: " << possible.err;
  }

  [[nodiscard]] Command on_a_small_disk(const std::string& fill) {
    const std::string copy = path().parent_path() / "disk" / "test.db";
    Command command = in_shell(run_command({"--database", "sqlite:" + copy}), kOnASmallDisk);
    command.arguments.insert(command.arguments.begin(), {"-rm", command.program});
    command.program = "unshare";
    command.environment = {"FILE=" + path().string(), "FILL=" + fill};
    return command;
  }

  /// Waits until the script has written the file. Returns false if that takes too long.
  [[nodiscard]] static bool wait_for_file(const fs::path& file) {
    const auto deadline = std::chrono::steady_clock::now() + Endpoint::kPatience;
    while (!fs::exists(file)) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
  }

  /// Copies the rows of the script's copy back into the test's own database.
  void take_over() {
    database().execute(
        fmt::format("attach '{}.after' as after;"
                    "delete from ai_response_queue;"
                    "insert into ai_response_queue select * from after.ai_response_queue;"
                    "insert into ai_response_logs select * from after.ai_response_logs;"
                    "detach after",
                    path().string()));
  }
};

INSTANTIATE_TEST_SUITE_P(, FullDisk, testing::Values(DatabaseKind::sqlite), [](const auto&) {
  return std::string("sqlite");
});

TEST_P(FullDisk, FromTheStartIsToldAndLosesNothing) {
  const Exit exit = run_to_end(on_a_small_disk("before"));
  EXPECT_EQ(69, exit.status) << exit.err;
  EXPECT_THAT(exit.err, HasSubstr("disk"));
  EXPECT_EQ(0U, standin_.provider.count());
  take_over();
  expect_that_nothing_is_lost();
}

TEST_P(FullDisk, DuringTheRunEndsItBeforeAnythingIsSent) {
  standin_.provider.hold();
  Process process(on_a_small_disk("during"));
  ASSERT_TRUE(standin_.provider.wait_for_requests(ids_.size()));
  { const std::ofstream asked(path().string() + ".asked"); }
  ASSERT_TRUE(wait_for_file(path().string() + ".filled"));
  standin_.provider.release();
  const RunResult result = result_of(process);
  EXPECT_EQ(69, result.status) << result.log;
  EXPECT_THAT(result.log, HasSubstr("is full, free some space on it"));
  EXPECT_EQ(0U, standin_.host.count());
  take_over();
  expect_that_nothing_is_lost();
}

}  // namespace
}  // namespace autoreply::test

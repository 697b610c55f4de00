// The schedules in cron/, as far as a test can try them. Each file is read by the program for which
// it is written, and its command runs on a real database, with --dry-run and with the addresses and
// paths of the test.

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::Contains;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path kSchedules = fs::path(AUTOREPLY_TEST_DATA).parent_path() / "cron";

/// The default of --grace: how long a run may go on after a stop.
constexpr int kGraceSeconds = 25;
/// The longest a run can take: the schedules' --max-time plus the timeouts of a provider, a
/// fallback and the callback.
constexpr int kRunSeconds = 120 + 60 + 60 + 15;

/// The lines of a file below cron/ that begin with `prefix`, without it.
std::vector<std::string> lines_after(const std::string& file, const std::string& prefix) {
  std::ifstream input(kSchedules / file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(input, line);) {
    if (line.starts_with(prefix)) lines.push_back(line.substr(prefix.size()));
  }
  return lines;
}

/// The words of a command after the program's name, up to the part that belongs to the shell.
std::vector<std::string> arguments_in(const std::string& command) {
  std::istringstream words(command);
  std::vector<std::string> arguments;
  bool ours = false;
  for (std::string word; words >> word && word != ">";) {
    if (ours) arguments.push_back(word);
    ours = ours || word == "autoreply" || word.ends_with("/autoreply");
  }
  return arguments;
}

class Schedules : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    job_ = ask("Hello?");
    fs::create_directory(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  /// Runs a schedule's command. The test's own values come from the environment, which takes
  /// precedence over the file.
  void expect_that_it_runs(std::vector<std::string> arguments) {
    for (std::string& argument : arguments) {
      if (argument.ends_with("/autoreply.toml")) argument = kSchedules / "autoreply.toml";
    }
    const Exit exit =
        run_to_end({.arguments = std::move(arguments),
                    .environment = {"AUTOREPLY_DATABASE=" + database().url(),
                                    "AUTOREPLY_CALLBACK_URL=" + standin_.callback_url(),
                                    "AUTOREPLY_DRY_RUN=true"}});
    EXPECT_EQ(0, exit.status) << exit.err;
    EXPECT_THAT(exit.out, HasSubstr(job_));
  }

  std::string job_;
  const fs::path directory_ = fs::path(testing::TempDir()) / ("autoreply-" + random_uuid());
};

INSTANTIATE_TEST_SUITE_P(, Schedules, testing::Values(DatabaseKind::sqlite), [](const auto&) {
  return std::string("sqlite");
});

TEST_P(Schedules, InTheCrontabAreAcceptedByCronAndRun) {
  const Exit checked =
      run_to_end({.arguments = {"-n", kSchedules / "crontab"}, .program = "crontab"});
  EXPECT_EQ(0, checked.status) << checked.err;

  const auto commands = lines_after("crontab", "* * * * * ");
  ASSERT_EQ(1U, commands.size());
  EXPECT_EQ(std::string::npos, commands[0].find('%')) << "cron takes it for the end of the line";
  expect_that_it_runs(arguments_in(commands[0]));
}

TEST_P(Schedules, InTheCrontabKeepTheStatusOfTheRun) {
  const auto stub = [this](const std::string& name, const std::string& script) {
    const fs::path path = directory_ / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
  };
  stub("sleep", "exit 0");
  stub("logger", "cat > " + (directory_ / "log").string());
  stub("autoreply", "echo summary; echo event >&2; exit 75");
  const std::string line = lines_after("crontab", "* * * * * ").at(0);
  const Exit exit =
      run_to_end({.arguments = {"-c", "PATH=" + directory_.string() + ":$PATH; " + line},
                  .program = "/bin/bash"});
  EXPECT_EQ(75, exit.status) << exit.err;
  EXPECT_EQ("", exit.out + exit.err) << "cron would mail it";
}

TEST_P(Schedules, ComeWithAlertsThatPrometheusReads) {
  const Exit checked = run_to_end(
      {.arguments = {"check", "rules", kSchedules / "alerts.yaml"}, .program = "promtool"});
  EXPECT_EQ(0, checked.status) << checked.out << checked.err;
}

TEST_P(Schedules, OfSystemdAreAcceptedByItAndRun) {
  const auto commands = lines_after("autoreply.service", "ExecStart=");
  ASSERT_EQ(1U, commands.size());
  // systemd requires that the program exists at the path in the unit.
  std::ifstream unit(kSchedules / "autoreply.service");
  std::string text(std::istreambuf_iterator<char>(unit), {});
  const std::string installed = "ExecStart=autoreply";
  text.replace(
      text.find(installed), installed.size(), std::string("ExecStart=") + AUTOREPLY_PROGRAM);
  std::ofstream(directory_ / "autoreply.service") << text;
  fs::copy_file(kSchedules / "autoreply.timer", directory_ / "autoreply.timer");
  const Exit verified = run_to_end(
      {.arguments = {"verify", directory_ / "autoreply.service", directory_ / "autoreply.timer"},
       .program = "systemd-analyze"});
  EXPECT_EQ(0, verified.status);
  EXPECT_THAT(verified.err, IsEmpty());

  expect_that_it_runs(arguments_in(commands[0]));
}

TEST_P(Schedules, OfKubernetesRunAndGiveARunTheTimeItMayTake) {
  const Exit read = run_to_end(
      {.arguments =
           {"-c",
            "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)",
            kSchedules / "kubernetes.yaml"},
       .program = "/usr/bin/python3"});
  ASSERT_EQ(0, read.status) << read.err;
  const auto manifest = parse_json(read.out);
  EXPECT_EQ("CronJob", manifest["kind"]);
  const auto job = manifest["spec"]["jobTemplate"]["spec"];
  EXPECT_EQ(0, job["backoffLimit"]);
  EXPECT_THAT(job["activeDeadlineSeconds"].get<int>(), Ge(kRunSeconds));
  const auto pod = job["template"]["spec"];
  EXPECT_EQ("Never", pod["restartPolicy"]);
  EXPECT_THAT(pod["terminationGracePeriodSeconds"].get<int>(), Ge(kGraceSeconds + 10));

  const auto container = pod["containers"][0];
  const auto arguments = container["args"].get<std::vector<std::string>>();
  EXPECT_THAT(arguments, Contains("--linger=50s"));
  std::vector<std::string> variables;
  for (const auto& variable : container["env"]) variables.push_back(variable["name"]);
  EXPECT_THAT(variables,
              AllOf(Contains("AUTOREPLY_DATABASE_FILE"),
                    Contains("AUTOREPLY_CALLBACK_URL"),
                    Contains("AUTOREPLY_CALLBACK_TOKEN_FILE")));
  expect_that_it_runs(arguments);
}

}  // namespace
}  // namespace autoreply::test

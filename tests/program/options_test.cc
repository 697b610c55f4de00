#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;

/// Where options come from, shown by how many of five jobs a run claims.
class Options : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    ask_many(5);
  }
  void TearDown() override { std::filesystem::remove(config_); }

  int claimed(const std::vector<std::string>& more,
              const std::vector<std::string>& environment = {}) {
    Command command = run_command(more);
    command.environment = environment;
    Process process(command);
    return result_of(process)["claimed"];
  }

  /// The path of a configuration file with that content.
  std::string config_with(std::string_view content) {
    std::ofstream(config_) << content;
    return config_;
  }

 private:
  const std::string config_ = testing::TempDir() + "autoreply-" + random_uuid() + ".toml";
};

AUTOREPLY_ON_BOTH_DATABASES(Options);

TEST_P(Options, ComeFromTheFile) {
  EXPECT_EQ(1, claimed({"--config", config_with("limit = 1\n")}));
}

TEST_P(Options, ComeFromTheFilesSectionOfTheCommand) {
  EXPECT_EQ(1, claimed({"--config", config_with("log-level = \"warn\"\n[run]\nlimit = 1\n")}));
}

TEST_P(Options, ComeFromTheEnvironmentBeforeTheFile) {
  EXPECT_EQ(2, claimed({"--config", config_with("limit = 1\n")}, {"AUTOREPLY_LIMIT=2"}));
}

TEST_P(Options, ComeFromTheCommandLineBeforeBoth) {
  EXPECT_EQ(
      3, claimed({"--config", config_with("limit = 1\n"), "--limit", "3"}, {"AUTOREPLY_LIMIT=2"}));
}

TEST_P(Options, MayAllComeFromTheEnvironment) {
  const Exit exit = run_to_end({.arguments = {"run"},
                                .environment = {"AUTOREPLY_DATABASE=" + database().url(),
                                                "AUTOREPLY_CALLBACK_URL=" + standin_.callback_url(),
                                                "AUTOREPLY_ALLOW_HOST=example.com,127.0.0.1",
                                                "AUTOREPLY_OUTPUT=json",
                                                "AUTOREPLY_DRAIN=true"}});
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ(5, parse_json(exit.out)["completed"]);
}

TEST_P(Options, InTheFileThatNobodyKnowsAreAnErrorOfConfiguration) {
  const Exit exit = run_to_end(run_command({"--config", config_with("limti = 1\n")}));
  EXPECT_EQ(78, exit.status);
  EXPECT_THAT(exit.err, HasSubstr("limti"));
  EXPECT_EQ(0U, standin_.provider.count());
}

TEST_P(Options, FromAFileThatIsNotThereAreAnErrorOfConfiguration) {
  EXPECT_EQ(78, run_to_end(run_command({"--config", "/nonexistent/autoreply.toml"})).status);
}

TEST_P(Options, WithAnOffValueAreAcceptedBeforeTheirWorkIsThere) {
  EXPECT_EQ(5, claimed({"--ping-url", ""}, {"AUTOREPLY_METRICS_FILE="}));
}

TEST_P(Options, NameTheLogFormatAndEachLineCarriesRunAndJob) {
  const RunResult result = run({"--log-format", "json", "--log-level", "debug"});
  std::istringstream lines(result.log);
  int settled = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto event = parse_json(line);
    EXPECT_EQ(result.summary["run_id"], event["run_id"]) << line;
    if (line.find("job_settled") != std::string::npos) {
      ++settled;
      EXPECT_EQ("complete", job(event["job"])["status"]);
    }
  }
  EXPECT_EQ(5, settled);
}

}  // namespace
}  // namespace autoreply::test

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Shows where an option comes from by how many of five jobs a run claims.
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

  /// Writes a configuration file with this content and returns its path.
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

TEST_P(Options, ThatAreEmptyVariablesAreNotSet) {
  EXPECT_EQ(5, claimed({}, {"AUTOREPLY_METRICS_FILE=", "AUTOREPLY_LIMIT="}));
}

TEST_P(Options, FromTheEnvironmentMayEndInANewline) {
  const Exit exit =
      run_to_end({.arguments = {"run"},
                  .environment = {"AUTOREPLY_DATABASE=" + database().url() + "\n",
                                  "AUTOREPLY_CALLBACK_URL=" + standin_.callback_url() + "\r\n",
                                  "AUTOREPLY_CALLBACK_TOKEN=" + std::string(kCallbackToken) + "\n",
                                  "AUTOREPLY_ALLOW_HOST=127.0.0.1\n",
                                  "AUTOREPLY_OUTPUT=json\n"}});
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ(5, parse_json(exit.out)["completed"]);
  EXPECT_EQ("Bearer " + std::string(kCallbackToken),
            standin_.host.requests()[0].header("authorization"));
}

TEST_P(Options, ThatAreSecretsMayStandInFiles) {
  const std::string path = config_with(database().url() + "\n");
  const Exit exit = run_to_end({.arguments = {"run",
                                              "--callback-url",
                                              standin_.callback_url(),
                                              "--allow-host=127.0.0.1",
                                              "--output=json"},
                                .environment = {"AUTOREPLY_DATABASE_FILE=" + path}});
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_EQ(5, parse_json(exit.out)["completed"]);
}

TEST_P(Options, WithoutTheirValueClaimNothing) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"run", "--provider", "--dry-run"},
                                             {"run", "--workspace", "--dry-run"},
                                             {"run", "--id"}}) {
    const Exit exit =
        run_to_end({.arguments = arguments,
                    .environment = {"AUTOREPLY_DATABASE=" + database().url(),
                                    "AUTOREPLY_CALLBACK_URL=" + standin_.callback_url()}});
    EXPECT_EQ(64, exit.status);
    EXPECT_THAT(exit.err, StartsWith("autoreply: " + arguments[1] + " needs a value"));
    EXPECT_THAT(exit.err, Not(HasSubstr(database().url())));
  }
  EXPECT_EQ(0U, standin_.provider.count());
  EXPECT_EQ(5U, rows("ai_response_queue", "t.status = 'pending' and t.attempts = 0").size());
}

TEST_P(Options, ThatAreMisspeltInTheEnvironmentAreWarnedOf) {
  Command command = run_command();
  command.environment = {"AUTOREPLY_LIMTI=1"};
  Process process(command);
  const RunResult result = result_of(process);
  EXPECT_EQ(5, result["claimed"]);
  EXPECT_THAT(result.log,
              HasSubstr("AUTOREPLY_LIMTI is not an option: did you mean AUTOREPLY_LIMIT?"));
}

TEST_P(Options, OfEveryCommandMayShareAFile) {
  const std::string path = config_with("limit = 1\noutput = \"json\"\n");
  const Exit migrated = run_to_end(command({"migrate", "--config", path}));
  EXPECT_EQ(0, migrated.status) << migrated.err;
  EXPECT_EQ(0, parse_json(migrated.out)["exit_status"]);
  EXPECT_THAT(parse_json(migrated.out)["changes"].dump(), HasSubstr("nothing to do"));
  EXPECT_EQ(1, claimed({"--config", path}));
}

TEST_P(Options, ThatAreWrongEndInAnObjectIfJsonIsWanted) {
  const auto object_of = [](std::vector<std::string> arguments,
                            std::vector<std::string> environment = {}) {
    const Exit exit =
        run_to_end({.arguments = std::move(arguments), .environment = std::move(environment)});
    const auto object = parse_json(exit.out);
    EXPECT_EQ(exit.status, object["exit_status"]);
    EXPECT_EQ(exit.err, "autoreply: " + std::string(object["error"]) + "\n");
    return object;
  };
  EXPECT_EQ(64, object_of({"run", "--limit", "0", "--output", "json"})["exit_status"]);
  EXPECT_EQ(78, object_of({"run"}, {"AUTOREPLY_OUTPUT=json", "AUTOREPLY_LIMIT=0"})["exit_status"]);
  const auto no_url = object_of({"run", "--output=json", "--database", database().url()});
  EXPECT_EQ(78, no_url["exit_status"]);
  EXPECT_TRUE(is_uuid(std::string(no_url["run_id"])));
  EXPECT_EQ(
      69,
      object_of({"migrate",
                 "--output=json",
                 "--database=postgresql://u:p@127.0.0.1:1/d?connect_timeout=1"})["exit_status"]);
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

TEST(MigrateOptions, NameTheDatabaseBeforeAFileIsMade) {
  const std::string directory = testing::TempDir() + "autoreply-" + random_uuid();
  std::filesystem::create_directory(directory);
  const auto in_directory = [&directory](std::vector<std::string> arguments,
                                         std::vector<std::string> environment = {}) {
    return run_to_end({.arguments = std::move(arguments),
                       .environment = std::move(environment),
                       .directory = directory});
  };

  const Exit unnamed = in_directory({"migrate"});
  EXPECT_EQ(78, unnamed.status);
  EXPECT_THAT(unnamed.err, HasSubstr("--database is missing"));
  EXPECT_EQ(78, in_directory({"run", "--callback-url", "http://127.0.0.1:1/"}).status);
  EXPECT_TRUE(std::filesystem::is_empty(directory));

  const Exit named = in_directory({"migrate"}, {"AUTOREPLY_DATABASE=sqlite:autoreply.db"});
  EXPECT_EQ(0, named.status) << named.err;
  EXPECT_THAT(named.out, HasSubstr("/autoreply.db"));
  EXPECT_EQ(0, in_directory({"migrate"}).status) << "the file is there now";
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace autoreply::test

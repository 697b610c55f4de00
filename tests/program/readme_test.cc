// The README's commands, options and tables, tried.

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/uuid.h"
#include "program/program_fixture.h"
#include "store/host_requirements.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string& readme() {
  static const std::string text = content_of_test_file("../README.md");
  return text;
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end;
       ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

/// The lines that are indented as code, without the indentation.
std::vector<std::string> code_lines() {
  return matches(readme(), "\n    ([^\n]+)");
}

/// The help of the program and of all its commands.
std::string all_help() {
  std::string help = run_to_end({.arguments = {"--help"}}).out;
  const auto commands = matches(help, "\n  ([a-z]+)  +");
  EXPECT_THAT(commands, Contains("backfill")) << help;
  for (const std::string& command : commands) {
    help += run_to_end({.arguments = {command, "--help"}}).out;
  }
  return help;
}

/// A database of the host, with the places of the README's examples taken by those of the test.
class Readme : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    if (IsSkipped()) return;
    directory_ = fs::temp_directory_path() / ("autoreply-readme-" + random_uuid());
    fs::create_directories(directory_);
    fs::create_symlink(AUTOREPLY_PROGRAM, directory_ / "autoreply");
  }
  void TearDown() override { fs::remove_all(directory_); }

  /// Runs a command of the README in a shell.
  Exit try_out(std::string line) {
    const Customer customer = add_customer();
    const std::string id = ask(customer, "Hello?");
    if (line.starts_with("autoreply retry")) {
      database().execute(
          fmt::format("update ai_response_queue set status = 'error', error = 'generate: HTTP 400',"
                      " outcome = 'failed: generate' where id = '{}'",
                      id));
    }
    const std::string filter = line.find("--contact ID") == std::string::npos ? id : customer.id;
    for (const auto& [from, to] : std::map<std::string, std::string>{
             {R"(postgresql://\w+:password@db\.example\.com/app)", database().url()},
             {R"(https://app\.example\.com/send-sms)", standin_.callback_url()},
             {R"(--grant-to \w+)", "--grant-to " + database().value("select current_user")},
             {R"(\bID\b)", filter},
             {R"(\bNAME\b)", "callback:x"},
             {R"(\bFILE\b)", (directory_ / "report.html").string()}}) {
      line = std::regex_replace(line, std::regex(from), to);
    }
    if (line.starts_with("export ")) {
      exports_ += line + "\n";
      return {.status = 0};
    }
    Command command{.arguments = {"-c", exports_ + line}, .program = "/bin/sh"};
    command.environment = {fmt::format("PATH={}:/usr/bin:/bin", directory_.string()),
                           fmt::format("AUTOREPLY_CALLBACK_TOKEN={}", kCallbackToken),
                           "AUTOREPLY_ALLOW_HOST=127.0.0.1"};
    return run_to_end(command);
  }

 private:
  fs::path directory_;
  std::string exports_;
};
INSTANTIATE_TEST_SUITE_P(, Readme, testing::Values(DatabaseKind::postgres), [](const auto& tested) {
  return std::string(to_string(tested.param));
});

TEST_P(Readme, HoldsCommandsThatWork) {
  int tried = 0;
  for (const std::string& line : code_lines()) {
    if (!line.starts_with("autoreply ") && !line.starts_with("export ")) continue;
    const Exit exit = try_out(line);
    EXPECT_EQ(0, exit.status) << line << "\n" << exit.out << exit.err;
    ++tried;
  }
  EXPECT_LT(10, tried);
  // Those in sentences may find nothing to do, but are no wrong usage.
  const auto mentioned = matches(readme(), "`(autoreply [a-z]+[^`]*)`");
  EXPECT_LT(5U, mentioned.size());
  for (const std::string& line : mentioned) {
    const Exit exit = try_out(line);
    EXPECT_THAT(exit.status, testing::AnyOf(0, 1)) << line << "\n" << exit.err;
  }
}

TEST(ReadmeText, NamesOptionsAndScriptsThatExist) {
  const auto known = matches(all_help(), "(--[a-z][a-z-]*)");
  const auto options = matches(readme(), "(?:^|[^a-z-])(--[a-z][a-z-]+)");
  EXPECT_LT(20U, options.size());
  for (const std::string& option : options) {
    if (option == "--live") continue;  // of scripts/demo
    EXPECT_THAT(known, Contains(option)) << "the README names it";
  }
  for (const std::string& path : matches(readme(), "((?:scripts|cron|tests|src)/[a-z._/]+[a-z])")) {
    EXPECT_TRUE(fs::exists(fs::path(AUTOREPLY_TEST_DATA).parent_path() / path)) << path;
  }
}

TEST(ReadmeText, NamesEachColumnOfTheHost) {
  for (const TableRule& table : table_rules()) {
    for (const ColumnRule& column : table.columns) {
      if (column.use == ColumnRule::Use::ours) continue;
      EXPECT_THAT(readme(), HasSubstr(fmt::format("`{}`", column.name)));
    }
  }
}

}  // namespace
}  // namespace autoreply::test

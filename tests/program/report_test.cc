#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

using Report = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(Report);

TEST_P(Report, IsAPageAboutWhatHappened) {
  ask_many(3);
  ASSERT_EQ(3, run()["completed"]);
  const fs::path page = fs::temp_directory_path() / fmt::format("autoreply-{}.html", getpid());
  const Exit exit = run_to_end(command({"report", "--html", page, "--database", database().url()}));
  EXPECT_EQ(0, exit.status) << exit.err;
  std::stringstream text;
  text << std::ifstream(page).rdbuf();
  fs::remove(page);
  EXPECT_THAT(text.str(),
              AllOf(HasSubstr("<b>3</b><span>replies sent</span>"),
                    HasSubstr("<td>ws-1</td><td>openai</td>"),
                    HasSubstr("</html>")));
  EXPECT_EQ(64, run_to_end(command({"report"})).status);
  EXPECT_EQ(
      78,
      run_to_end(command({"report", "--html", "/nowhere/x.html", "--database", database().url()}))
          .status);
}

}  // namespace
}  // namespace autoreply::test

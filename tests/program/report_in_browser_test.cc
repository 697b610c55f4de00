#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "program/browser.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::Gt;
using testing::IsEmpty;

/// The page as people see it. One test, because the browser takes longer to start than all checks.
class ReportInBrowser : public ProgramTest {
 protected:
  /// Writes the report of the period to a file and shows it.
  void show(const std::string& since) {
    const fs::path page =
        fs::temp_directory_path() / fmt::format("autoreply-browser-{}.html", getpid());
    const Exit exit = run_to_end(command({"report", "--html", page, "--since", since}));
    ASSERT_EQ(0, exit.status) << exit.err;
    browser_.open(page);
    fs::remove(page);
    EXPECT_THAT(browser_.requests(), testing::ElementsAre("file://" + page.string()));
  }

  /// Looks at the page on all kinds of screens.
  void look(const std::string& name) {
    for (const int width : {400, 1280}) {
      for (const bool dark : {false, true}) {
        const std::string screen = fmt::format("{}-{}-{}", name, width, dark ? "dark" : "light");
        SCOPED_TRACE(screen);
        browser_.emulate(width, dark);
        EXPECT_THAT(in_page(fmt::format("complaints({})", width)), IsEmpty());
        const double page = in_page("luminance(ground(document.body))");
        const double text = in_page("luminance(parsed(getComputedStyle(document.body).color))");
        if (dark) {
          EXPECT_LT(page, 0.05);
          EXPECT_GT(text, 0.5);
        } else {
          EXPECT_GT(page, 0.9);
          EXPECT_LT(text, 0.1);
        }
        if (const char* directory = std::getenv("AUTOREPLY_TEST_SCREENSHOTS")) {
          browser_.screenshot(fs::path(directory) / (screen + ".png"));
        }
      }
    }
    EXPECT_THAT(browser_.requests(), IsEmpty());
    EXPECT_THAT(browser_.console(), IsEmpty());
  }

  nlohmann::json in_page(const std::string& expression) {
    return browser_.evaluate(checks_ + "return " + expression);
  }

 private:
  const std::string checks_ = content_of_test_file("program/page_checks.js");
  Browser browser_;
};

INSTANTIATE_TEST_SUITE_P(, ReportInBrowser, testing::Values(DatabaseKind::sqlite), [](const auto&) {
  return "sqlite";
});

TEST_P(ReportInBrowser, LooksRightOnAPhoneAndADeskInDarkAndLight) {
  show("7d");
  look("empty");
  EXPECT_EQ(0, in_page("document.querySelectorAll('svg, table').length"));

  database().execute(content_of_test_file("program/report_period.sql"));
  show("7d");
  look("week");

  show("90d");
  look("full");
  EXPECT_EQ(2, in_page("document.querySelectorAll('svg').length"));
  EXPECT_EQ(4, in_page("document.querySelectorAll('table').length"));
  EXPECT_THAT(in_page("[...document.querySelectorAll('tbody')].map((body) => body.rows.length)"),
              Each(Gt(3)));
}

}  // namespace
}  // namespace autoreply::test

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using DryRun = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(DryRun);

TEST_P(DryRun, ShowsThePromptsAndWritesAndCallsNothing) {
  const Customer sam = add_customer();
  add_message(sam, "Hi, this is Sam", "inbound", 300);
  const std::string first = ask(sam, "My boiler is leaking", 60);
  const std::string second = ask("Do you sell tea?");
  const auto queue = rows("ai_response_queue");

  const Exit exit = run_to_end(run_command({"--dry-run", "--output", "text"}));

  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_THAT(exit.out,
              AllOf(HasSubstr(first),
                    HasSubstr(second),
                    HasSubstr(sam.id),
                    HasSubstr("You answer for a bakery."),
                    HasSubstr("Hi, this is Sam"),
                    HasSubstr("My boiler is leaking"),
                    HasSubstr("Do you sell tea?"),
                    Not(HasSubstr(kProviderKey))));
  EXPECT_EQ(queue, rows("ai_response_queue"));
  EXPECT_EQ(0U, rows("ai_response_logs").size());
  EXPECT_EQ(0U, standin_.provider.count() + standin_.host.count());
}

TEST_P(DryRun, ShowsNoMoreThanTheLimitAndTheFiltersAllow) {
  const auto ids = ask_many(3);
  const Exit exit = run_to_end(run_command({"--dry-run", "--output", "text", "--limit", "1"}));
  EXPECT_THAT(exit.out, AllOf(HasSubstr(ids[0]), Not(HasSubstr(ids[1])), Not(HasSubstr(ids[2]))));
  const Exit other =
      run_to_end(run_command({"--dry-run", "--output", "text", "--workspace", "none"}));
  EXPECT_EQ(0, other.status);
  EXPECT_THAT(other.out, Not(HasSubstr(ids[0])));
}

}  // namespace
}  // namespace autoreply::test

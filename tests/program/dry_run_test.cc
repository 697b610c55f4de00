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

TEST_P(DryRun, TellsWhyJobsWouldStayUnclaimed) {
  add_workspace({.workspace_id = "ws_acme"});
  const Customer customer = add_customer("ws_acme");
  ask(customer, "First");
  ask(add_customer("ws_acme"), "Second");
  ASSERT_EQ(2, run({"--workspace-per-minute", "2"})["completed"]);
  for (int number = 0; number < 8; ++number) ask(add_customer("ws_acme"), "More");

  const Exit text =
      run_to_end(run_command({"--dry-run", "--output", "text", "--workspace-per-minute", "2"}));
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("would claim 0 of 8 due"),
                    HasSubstr("8 throttled"),
                    HasSubstr("limit: 2 jobs a minute of workspace ws_acme")));
  const RunResult json = run({"--workspace-per-minute", "2"});
  EXPECT_EQ(8, json["throttled"]);
  EXPECT_EQ("8",
            database().value("select count(*) from autoreply_waiting where reason = 'limit' and "
                             "workspace_id = 'ws_acme' and until is not null"));
}

TEST_P(DryRun, TellsWhatWouldFailAndWhereTheKeyIs) {
  const std::string good = ask("Do you sell tea?");
  add_workspace({.workspace_id = "ws-keyless", .provider = "anthropic", .base_url = ""});
  database().execute(
      "update workspace_ai_config set api_key = '' where workspace_id = 'ws-keyless'");
  ask(add_customer("ws-keyless"), "Hello?");
  const Customer stranger = add_customer();
  const std::string lost = ask(stranger, "Hello?");
  database().execute(fmt::format("delete from contacts where id = '{}'", stranger.id));

  const Exit exit = run_to_end(run_command({"--dry-run", "--output", "text"}));
  EXPECT_EQ(0, exit.status) << exit.err;
  EXPECT_THAT(exit.out,
              AllOf(HasSubstr("would claim 3 of 3 due"),
                    HasSubstr("key api_key of the workspace"),
                    HasSubstr("would be deferred: NO API KEY"),
                    HasSubstr("would fail: "),
                    Not(HasSubstr(kProviderKey))));
}

}  // namespace
}  // namespace autoreply::test

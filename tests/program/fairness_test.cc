#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/hosts.h"
#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::Each;
using testing::Ge;
using testing::HasSubstr;
using testing::SizeIs;

class Fairness : public ProgramTest {
 protected:
  std::string state(const std::string& id) {
    const auto row = job(id);
    return fmt::format("{} {}",
                       row["status"].get<std::string>(),
                       row["outcome"].is_null() ? "" : row["outcome"].get<std::string>());
  }

  /// The user turns of the provider's requests, one request after the other.
  std::vector<std::string> prompts() {
    std::vector<std::string> prompts;
    for (const ReceivedRequest& request : standin_.provider.requests()) {
      prompts.push_back(request.body);
    }
    return prompts;
  }
};
AUTOREPLY_ON_BOTH_DATABASES(Fairness);

TEST_P(Fairness, ServesEverybodyBesideABacklog) {
  for (int number = 0; number < 130; ++number) ask("Are you open on Sunday?");
  std::vector<std::string> small;
  for (int number = 0; number < 20; ++number) {
    const std::string workspace = fmt::format("small-{}", number);
    add_workspace({.workspace_id = workspace});
    small.push_back(ask(add_customer(workspace), "Are you open on Sunday?", 1));
  }
  const RunResult result = run({"--limit", "40"});
  EXPECT_EQ(40, result["completed"]);
  for (const std::string& id : small) EXPECT_EQ("complete completed", state(id));
}

TEST_P(Fairness, KeepsLimitsOverEightRunsAtOnce) {
  std::vector<Customer> customers;
  for (int number = 0; number < 12; ++number) {
    const std::string workspace = fmt::format("ws-{}", number % 3);
    if (number < 3) add_workspace({.workspace_id = workspace});
    customers.push_back(add_customer(workspace));
  }
  for (int round = 0; round < 6; ++round) {
    for (const Customer& customer : customers) ask(customer, fmt::format("Question {}", round));
  }
  std::vector<Process> processes;
  for (int number = 0; number < 8; ++number) {
    processes.emplace_back(run_command({"--contact-per-minute",
                                        "3",
                                        "--workspace-per-minute",
                                        "10",
                                        "--per-minute",
                                        "26",
                                        "--drain"}));
  }
  int completed = 0;
  for (Process& process : processes) {
    const RunResult result = result_of(process);
    EXPECT_EQ(0, result.status) << "planned waiting\n" << result.log;
    completed += result["completed"];
  }
  EXPECT_EQ(26, completed);
  EXPECT_EQ(72 - 26, run({"--per-minute", "26"})["throttled"]);
  std::map<std::string, int> of_workspace;
  std::map<std::string, int> of_contact;
  for (const ReceivedRequest& request : standin_.host.requests()) {
    const auto payload = parse_json(request.body);
    ++of_workspace[payload["workspaceId"]];
    ++of_contact[payload["contactId"]];
  }
  for (const auto& [workspace, count] : of_workspace) EXPECT_LE(count, 10) << workspace;
  for (const auto& [contact, count] : of_contact) EXPECT_LE(count, 3) << contact;
}

TEST_P(Fairness, StopsTwoMachinesThatAnswerEachOther) {
  const Customer machine = add_customer();
  ask(machine, "This is an automatic message.");
  // The other machine answers every SMS at once.
  const auto session = database().another_session();
  std::mutex mutex;
  standin_.host.answer_always([&](const ReceivedRequest&) {
    const std::scoped_lock lock(mutex);
    session->execute(fmt::format(
        "insert into livechat_messages (workspace_id, contact_id, direction, body, msg_type)"
        " values ('{0}', '{1}', 'inbound', 'This is an automatic message.', 'sms');"
        "insert into ai_response_queue (workspace_id, contact_id, message_id)"
        " select '{0}', '{1}', m.id from livechat_messages m"
        "  where not exists (select 1 from ai_response_queue q where q.message_id = m.id)",
        machine.workspace,
        machine.id));
    return Answer{.body = R"({"success":true})"};
  });
  int sent = 0;
  for (int tick = 0; tick < 4; ++tick) {
    const RunResult result = run({"--drain"});
    EXPECT_EQ(0, result.status);
    EXPECT_EQ(1, result["throttled"]);
    sent += result["completed"];
  }
  EXPECT_EQ(5, sent) << "--contact-per-minute, as it is unless told otherwise";
  EXPECT_EQ(5U, standin_.host.count());
}

TEST_P(Fairness, AnswersOneMessageAfterTheOtherAndEachSeesTheReplyBefore) {
  RecordingHost host(database());
  standin_.host.answer_always(
      [&host](const ReceivedRequest& request) { return host.serve(request); });
  const Customer customer = add_customer();
  ask(customer, "First question", 30);
  ask(customer, "Second question", 20);
  standin_.provider.script(chat_completion("Yes, on Mondays from 9 to 5."));
  const RunResult result = run();
  EXPECT_EQ(2, result["completed"]);
  const auto asked = prompts();
  ASSERT_THAT(asked, SizeIs(2));
  EXPECT_THAT(asked[0], HasSubstr("First question"));
  EXPECT_THAT(asked[0], testing::Not(HasSubstr("Second question")));
  EXPECT_THAT(asked[1], HasSubstr("Second question"));
  EXPECT_THAT(asked[1], HasSubstr("Yes, on Mondays from 9 to 5."));
}

TEST_P(Fairness, LetsNoRetryHoldUpTheNextMessageAndDropsItsReplyThen) {
  const Customer customer = add_customer();
  const std::string first = ask(customer, "First question", 30);
  standin_.host.script(Answer{.status = 503});
  EXPECT_EQ(75, run({"--backoff-base", "1h"}).status);
  const std::string second = ask(customer, "Second question", 20);
  EXPECT_EQ(1, run()["completed"]);
  EXPECT_EQ("complete completed", state(second));
  move_back(first, "next_attempt_at", 7'200);
  EXPECT_EQ(1, run()["skipped"]);
  EXPECT_EQ("complete skipped: superseded", state(first));
  EXPECT_EQ(2U, standin_.host.count());
}

TEST_P(Fairness, CoalescesABurstIntoOneReply) {
  const Customer customer = add_customer();
  std::vector<std::string> burst;
  for (int number = 0; number < 4; ++number) {
    burst.push_back(ask(customer, fmt::format("Part {} of my question", number), 30 - number));
  }
  const RunResult result = run({"--coalesce"});
  EXPECT_EQ(0, result.status);
  EXPECT_EQ(1, result["claimed"]);
  EXPECT_EQ(1, result["completed"]);
  EXPECT_EQ(0, result["still_due"]);
  EXPECT_EQ(1U, standin_.host.count());
  for (int number = 0; number < 4; ++number) {
    EXPECT_THAT(prompts().front(), HasSubstr(fmt::format("Part {} of", number)));
  }
  EXPECT_EQ("complete completed", state(burst.back()));
  burst.pop_back();
  for (const std::string& id : burst) EXPECT_EQ("complete skipped: superseded", state(id));
}

TEST_P(Fairness, LosesNothingOfABurstWhoseAnswerFails) {
  const Customer customer = add_customer();
  std::vector<std::string> burst;
  for (int number = 0; number < 3; ++number) {
    burst.push_back(ask(customer, fmt::format("Part {}", number), 30 - number));
  }
  standin_.provider.answer_always(
      Answer{.status = 400, .body = R"({"error":{"code":"content_filter"}})"});
  const RunResult failed = run({"--coalesce", "--limit", "1"});
  EXPECT_EQ(1, failed["failed"]);
  EXPECT_EQ("pending ", state(burst[0]));
  EXPECT_EQ("pending ", state(burst[1]));
  standin_.provider.answer_always(chat_completion("Yes, until 5."));
  EXPECT_EQ(1, run({"--coalesce"})["completed"]);
  EXPECT_EQ("complete completed", state(burst[1]));
  EXPECT_EQ("complete skipped: superseded", state(burst[0]));
}

}  // namespace
}  // namespace autoreply::test

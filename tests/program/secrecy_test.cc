#include <fmt/format.h>
#include <gmock/gmock.h>

#include "program/program_fixture.h"

namespace autoreply::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Every run of every test also checks that no key, token or phone number is printed.
using Secrecy = ProgramTest;
AUTOREPLY_ON_BOTH_DATABASES(Secrecy);

TEST_P(Secrecy, KeepsMessageTextsOutOfTheLogAtEveryLevel) {
  ask("My boiler is leaking");
  standin_.provider.script(chat_completion("A plumber is coming"));
  const RunResult result = run({"--log-level", "debug"});
  EXPECT_EQ(0, result.status);
  EXPECT_THAT(result.log, Not(HasSubstr("boiler")));
  EXPECT_THAT(result.log, Not(HasSubstr("plumber is coming")));
}

TEST_P(Secrecy, StoresNoKeyTokenOrPhoneNumberThatAnAnswerRepeats) {
  const Customer sam = add_customer();
  const std::string first = ask(sam, "Hello?");
  const std::string second = ask("Hello?");
  standin_.host.script_for(
      sam.phone,
      {.status = 400,
       .body =
           fmt::format(R"({{"error":"cannot send to {} with {}"}})", sam.phone, kCallbackToken)});
  standin_.provider.script_for("Hello?", chat_completion("Hello!"));
  standin_.provider.script_for(
      "Hello?",
      {.status = 400,
       .body = fmt::format(R"({{"error":{{"message":"bad key {}"}}}})", kProviderKey)});

  run({"--log-level", "debug", "--concurrency", "1"});

  for (const char* table : {"ai_response_queue", "ai_response_logs"}) {
    const std::string stored = rows(table).dump();
    EXPECT_THAT(stored, Not(HasSubstr(sam.phone))) << table;
    EXPECT_THAT(stored, Not(HasSubstr(kCallbackToken))) << table;
    EXPECT_THAT(stored, Not(HasSubstr(kProviderKey))) << table;
  }
  EXPECT_EQ("error", job(first)["status"]);
  EXPECT_THAT(job(second)["error"].get<std::string>(), HasSubstr("HTTP 400"));
}

TEST_P(Secrecy, SendsTheOperatorsOwnKeyToNoAddressOfARow) {
  database().execute("update workspace_ai_config set api_key = ''");
  ask("Hello?");
  Command command = run_command();
  command.environment = {"OPENAI_API_KEY=sk-operator-5f4e3d2c1b0a"};
  Process process(command);

  EXPECT_EQ(1, result_of(process)["completed"]) << "servers without keys are asked without one";
  EXPECT_EQ("", standin_.provider.requests()[0].header("authorization"));
}

TEST_P(Secrecy, SendsTheOperatorsOwnKeyToAKeyHost) {
  database().execute("update workspace_ai_config set api_key = ''");
  ask("Hello?");
  Command command = run_command({"--key-host", "127.0.0.1"});
  command.environment = {"OPENAI_API_KEY=sk-operator-5f4e3d2c1b0a"};
  Process process(command);

  EXPECT_EQ(1, result_of(process)["completed"]);
  EXPECT_EQ("Bearer sk-operator-5f4e3d2c1b0a",
            standin_.provider.requests()[0].header("authorization"));
}

TEST_P(Secrecy, SendsAKeyOfAReferenceForItsOwnWorkspaceAlone) {
  database().execute("update workspace_ai_config set api_key = 'env:AUTOREPLY_KEY_WS_1'");
  const std::string id = ask("Hello?");
  const auto run_with_key = [&] {
    Command command = run_command({"--key-host", "127.0.0.1"});
    command.environment = {"AUTOREPLY_KEY_WS_1=sk-of-ws-1-5f4e3d2c1b0b"};
    Process process(command);
    return result_of(process);
  };
  add_workspace({.workspace_id = "WS_1"});
  EXPECT_EQ(1, run_with_key()["deferred"]) << "both ids give the name AUTOREPLY_KEY_WS_1";
  EXPECT_THAT(job(id)["error"], testing::HasSubstr("two workspaces"));
  EXPECT_EQ(0, standin_.provider.count());

  database().execute("delete from workspace_ai_config where workspace_id = 'WS_1'");
  move_back(id, "next_attempt_at", 3'600);
  EXPECT_EQ(1, run_with_key()["completed"]) << "the breaker was named after the setting";
  EXPECT_EQ("Bearer sk-of-ws-1-5f4e3d2c1b0b",
            standin_.provider.requests()[0].header("authorization"));
}

}  // namespace
}  // namespace autoreply::test

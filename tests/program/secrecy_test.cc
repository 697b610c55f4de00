#include <atomic>
#include <map>
#include <sstream>

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

TEST_P(Secrecy, LogsBodiesIfAskedButNoKeys) {
  const std::string id = ask("My boiler is leaking");
  standin_.provider.script(chat_completion("A plumber is coming"));
  standin_.host.script({.status = 400, .body = fmt::format(R"({{"token":"{}"}})", kCallbackToken)});
  Process process(run_command({"--log-bodies", "--log-format", "json"}));
  const Exit exit = process.wait();
  EXPECT_EQ(1, exit.status);
  std::vector<nlohmann::json> exchanges;
  std::istringstream log(exit.err);
  for (std::string line; std::getline(log, line);) {
    nlohmann::json entry = parse_json(line);
    if (entry["event"] == "http_exchange") exchanges.push_back(std::move(entry));
  }
  ASSERT_EQ(2U, exchanges.size()) << exit.err;
  EXPECT_EQ(id, exchanges[0]["job"]);
  EXPECT_THAT(exchanges[0]["request"].get<std::string>(), HasSubstr("My boiler is leaking"));
  EXPECT_THAT(exchanges[0]["answer"].get<std::string>(), HasSubstr("A plumber is coming"));
  EXPECT_THAT(exchanges[1]["request"].get<std::string>(), HasSubstr("aiLogId"));
  EXPECT_EQ(400, exchanges[1]["status"]);
  EXPECT_EQ(R"({"token":"***"})", exchanges[1]["answer"]);
  EXPECT_THAT(exit.err, Not(HasSubstr(kProviderKey)));
  EXPECT_THAT(exit.err, Not(HasSubstr(kCallbackToken)));
}

TEST_P(Secrecy, KeepsTheCallbacksUrlToItself) {
  ask("Hello?");
  // As hosts do that quote the request in their error messages.
  const std::vector<std::string> secrets{"URLSECRET99", "p4sswordX", "dXNlcjpwNHNzd29yZFg="};
  standin_.host.script(
      {.status = 400,
       .body =
           fmt::format(R"({{"error":"bad call to /send-sms?token={} of user:{} with Basic {}"}})",
                       secrets[0],
                       secrets[1],
                       secrets[2])});
  const std::string url = standin_.callback_url();
  const std::string host = url.substr(url.find("//") + 2);
  const Exit exit = run_to_end(run_command({"--callback-url",
                                            "http://user:p4sswordX@" + host + "?token=URLSECRET99",
                                            "--log-bodies",
                                            "--log-level",
                                            "debug"}));
  EXPECT_EQ(1, exit.status) << exit.err;
  EXPECT_THAT(exit.err, HasSubstr("bad call to"));
  for (const std::string& secret : secrets) {
    EXPECT_THAT(exit.out + exit.err, Not(HasSubstr(secret)));
    EXPECT_THAT(rows("ai_response_queue").dump(), Not(HasSubstr(secret)));
    EXPECT_THAT(database().value("select cast(options as text) || summary from autoreply_runs"),
                Not(HasSubstr(secret)));
  }
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

TEST_P(Secrecy, MixesNothingOfTwoTenants) {
  constexpr int kTenants = 6;
  const auto mark = [](int tenant) { return fmt::format("canary-{}-", tenant); };
  const auto key = [](int tenant) { return fmt::format("sk-of-tenant-{}-5f4e3d2c1b0a", tenant); };
  std::map<std::string, int> tenants;  // by workspace
  for (int tenant = 0; tenant < kTenants; ++tenant) {
    const std::string workspace = fmt::format("tenant-{}", tenant);
    tenants[workspace] = tenant;
    add_workspace({.workspace_id = workspace,
                   .system_prompt = mark(tenant) + "prompt",
                   .api_key = key(tenant),
                   .base_url = standin_.provider_url()});
    for (int number = 0; number < 4; ++number) {
      ask(add_customer(workspace), mark(tenant) + "question");
    }
  }
  // Every other answer is an error that repeats the request, the rest repeat the question.
  std::atomic<int> calls = 0;
  standin_.provider.answer_always([&calls](const ReceivedRequest& request) -> Answer {
    if (++calls % 2 == 0) return chat_completion(last_user_message(request));
    return {.status = 400, .body = nlohmann::json{{"error", {{"message", request.body}}}}.dump()};
  });
  const auto expect_only = [&](int tenant, const std::string& text) {
    for (int other = 0; other < kTenants; ++other) {
      if (other == tenant) continue;
      EXPECT_THAT(text, Not(HasSubstr(mark(other))));
      EXPECT_THAT(text, Not(HasSubstr(key(other))));
    }
  };

  const RunResult result = run({"--concurrency", "8", "--log-level", "debug"});

  EXPECT_EQ(4 * kTenants, result["claimed"]);
  for (const ReceivedRequest& request : standin_.provider.requests()) {
    const std::string sent = request.header("authorization") + request.body;
    for (int tenant = 0; tenant < kTenants; ++tenant) {
      if (sent.find(key(tenant)) != std::string::npos) expect_only(tenant, sent);
    }
  }
  std::map<std::string, int> tenant_of_job;
  for (const auto& row : rows("ai_response_queue")) {
    const int tenant = tenants.at(row["workspace_id"]);
    tenant_of_job[row["id"]] = tenant;
    expect_only(tenant, row.dump());
  }
  for (const auto& row : rows("ai_response_logs")) {
    expect_only(tenants.at(row["workspace_id"]), row.dump());
  }
  std::istringstream lines(result.log);
  for (std::string line; std::getline(lines, line);) {
    for (const auto& [id, tenant] : tenant_of_job) {
      if (line.find(id) != std::string::npos) expect_only(tenant, line);
    }
  }
}

}  // namespace
}  // namespace autoreply::test

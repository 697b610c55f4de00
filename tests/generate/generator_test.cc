#include "generate/generator.h"

#include <optional>
#include <stop_token>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "generate/generator_fixture.h"
#include "support/blocking_client.h"
#include "support/scripted_server.h"

namespace autoreply {
namespace {

using Json = nlohmann::json;
using test::a_workspace;
using test::answer;
using test::offline_settings;
using test::Scripted;
using test::ScriptedServer;

std::string completion(const std::string& text, const std::string& finish = "stop") {
  return Json{
      {"model", "gpt-4o-mini-2024-07-18"},
      {"choices",
       {{{"finish_reason", finish}, {"message", {{"role", "assistant"}, {"content", text}}}}}},
      {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 10}, {"total_tokens", 110}}}}
      .dump();
}

const Conversation kConversation = {
    "Be brief.",
    {{Role::user, "Hi"}, {Role::assistant, "Hello!"}, {Role::user, "Open \"Sunday\"? \U0001F600"}}};

tl::expected<Reply, NoReply> ask(const GenerateSettings& settings,
                                 const WorkspaceConfig& config,
                                 int attempt = 1,
                                 const std::stop_token& stop = {}) {
  test::BlockingClient http;
  const AttemptFacts facts{.attempt = attempt, .max_attempts = 3, .cut_answers = attempt - 1};
  return http.run(Generator(settings).generate(config, kConversation, facts, http.sender(), stop));
}

Json body_of(const std::string& request) {
  return Json::parse(request.substr(request.find("\r\n\r\n") + 4));
}

std::string reason_of(const tl::expected<Reply, NoReply>& reply, Finding finding) {
  if (reply) return "a reply: " + reply->text;
  EXPECT_EQ(finding, reply.error().answer.finding) << reply.error().answer.reason;
  return reply.error().answer.reason;
}

TEST(Generator, AsksAndReturnsAReplyWithItsPrice) {
  ScriptedServer server({answer(200, completion(" Yes, until 6. "))});
  WorkspaceConfig config = a_workspace(server.url("/v1/"));
  config.api_key = "sk-tenant";
  const auto reply = ask(offline_settings(), config);
  ASSERT_TRUE(reply) << reply.error().answer.reason;
  EXPECT_EQ("Yes, until 6.", reply->text);
  EXPECT_EQ("openai", reply->provider);
  EXPECT_EQ("gpt-4o-mini-2024-07-18", reply->model);
  EXPECT_EQ(110, reply->tokens_used);
  EXPECT_EQ(100 * 150 + 10 * 600, reply->cost_nanodollars);
  const Json prompt = Json::parse(reply->prompt);
  EXPECT_EQ("Be brief.", prompt["system"]);
  EXPECT_EQ(3U, prompt["messages"].size());

  const std::string request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")) << request;
  EXPECT_NE(std::string::npos, request.find("\r\nAuthorization: Bearer sk-tenant\r\n"));
  const Json body = body_of(request);
  EXPECT_EQ("gpt-4o-mini", body["model"]);
  EXPECT_EQ(100, body["max_tokens"]);
  EXPECT_EQ(0.3, body["temperature"]);
  EXPECT_EQ(false, body["stream"]);
  EXPECT_FALSE(body.contains("store"));
  EXPECT_FALSE(body.contains("reasoning_effort"));
  EXPECT_EQ(4U, body["messages"].size());
  EXPECT_EQ("system", body["messages"][0]["role"]);
  EXPECT_EQ("Open \"Sunday\"? \U0001F600", body["messages"][3]["content"]);
}

TEST(Generator, NeverSendsTheOperatorsKeyToATenantsAddress) {
  ScriptedServer server({answer(200, completion("Yes."))});
  ASSERT_TRUE(ask(offline_settings(), a_workspace(server.url())));
  EXPECT_EQ(std::string::npos, server.requests().at(0).find("sk-operator"));
  EXPECT_EQ(std::string::npos, server.requests().at(0).find("Authorization"));
  GenerateSettings settings = offline_settings();
  settings.keys.key_hosts = {"127.0.0.1"};
  ASSERT_TRUE(ask(settings, a_workspace(server.url())));
  EXPECT_NE(std::string::npos, server.requests().at(1).find("Bearer sk-operator"));
}

TEST(Generator, SaysWhatToChangeInAWorkspace) {
  const GenerateSettings settings = offline_settings();
  WorkspaceConfig config = a_workspace();
  config.provider = " ";
  EXPECT_TRUE(
      reason_of(ask(settings, config), Finding::wrong_settings).starts_with("no provider: set"));
  config.provider = "clippy";
  const std::string unknown = reason_of(ask(settings, config), Finding::wrong_settings);
  EXPECT_NE(std::string::npos, unknown.find("use one of openai, anthropic")) << unknown;
  config = a_workspace();
  config.model = "";
  EXPECT_EQ("no model: set the workspace's model",
            reason_of(ask(settings, config), Finding::wrong_settings));
  config = a_workspace();
  config.provider = "azure";
  EXPECT_NE(std::string::npos,
            reason_of(ask(settings, config), Finding::wrong_settings).find("base_url"));
  config = a_workspace("http://10.0.0.1/v1");
  EXPECT_NE(std::string::npos,
            reason_of(ask(settings, config), Finding::wrong_settings).find("--allow-host"));
  config = a_workspace("http://127.0.0.1:1/v1");
  config.api_key = "env:AUTOREPLY_KEY_A";
  EXPECT_NE(std::string::npos,
            reason_of(ask(settings, config), Finding::wrong_settings).find("--key-host"));
}

TEST(Generator, TellsWhoseKeyIsMissing) {
  GenerateSettings settings = offline_settings();
  settings.environment = [](const std::string&) { return std::optional<std::string>(); };
  WorkspaceConfig config = a_workspace();
  EXPECT_EQ("NO API KEY: set OPENAI_API_KEY or the workspace's api_key",
            reason_of(ask(settings, config), Finding::no_operator_key));
  config.workspace_id = "a";
  config.api_key = "env:AUTOREPLY_KEY_A";
  EXPECT_EQ(
      "NO API KEY: api_key refers to a variable that is not set: set AUTOREPLY_KEY_A or "
      "AUTOREPLY_KEY_A_FILE",
      reason_of(ask(settings, config), Finding::wrong_settings));
}

TEST(Generator, GivesLaterAttemptsALargerBudget) {
  ScriptedServer server({answer(200, completion("Yes. But", "length"))});
  const WorkspaceConfig config = a_workspace(server.url());
  EXPECT_TRUE(reason_of(ask(offline_settings(), config, 1), Finding::cut)
                  .starts_with("answer cut at 100 tokens"));
  EXPECT_FALSE(ask(offline_settings(), config, 2));
  const auto last = ask(offline_settings(), config, 3);
  ASSERT_TRUE(last) << last.error().answer.reason;
  EXPECT_EQ("Yes.", last->text);
  EXPECT_EQ(200, body_of(server.requests().at(1))["max_tokens"]);
  EXPECT_EQ(400, body_of(server.requests().at(2))["max_tokens"]);
}

TEST(Generator, LeavesOutWhatAModelRefusesAndRemembersIt) {
  const std::string refusal =
      R"({"error":{"message":"Unsupported parameter: 'reasoning_effort'","param":"reasoning_effort"}})";
  ScriptedServer server({answer(400, refusal), answer(200, completion("Yes."))});
  WorkspaceConfig config = a_workspace(server.url());
  config.model = "gpt-6-luna";
  const Generator generator(offline_settings());
  test::BlockingClient http;
  for (int attempt = 1; attempt <= 2; ++attempt) {
    const auto reply =
        http.run(generator.generate(config, kConversation, {.max_attempts = 3}, http.sender(), {}));
    ASSERT_TRUE(reply) << reply.error().answer.reason;
  }
  const auto requests = server.requests();
  ASSERT_EQ(3U, requests.size());
  EXPECT_TRUE(body_of(requests[0]).contains("reasoning_effort"));
  EXPECT_FALSE(body_of(requests[1]).contains("reasoning_effort"));
  EXPECT_FALSE(body_of(requests[2]).contains("reasoning_effort"));
}

TEST(Generator, RemembersNoRefusalThatWasAboutSomethingElse) {
  const std::string refusal =
      R"({"error":{"message":"Unsupported parameter: 'reasoning_effort'","param":"reasoning_effort"}})";
  ScriptedServer server(
      {answer(400, refusal), answer(400, refusal), answer(200, completion("Yes."))});
  WorkspaceConfig config = a_workspace(server.url());
  config.model = "gpt-6-luna";
  const Generator generator(offline_settings());
  test::BlockingClient http;
  EXPECT_FALSE(
      http.run(generator.generate(config, kConversation, {.max_attempts = 3}, http.sender(), {})));
  EXPECT_TRUE(
      http.run(generator.generate(config, kConversation, {.max_attempts = 3}, http.sender(), {})));
  EXPECT_TRUE(body_of(server.requests().at(2)).contains("reasoning_effort"));
  EXPECT_EQ(2'100, body_of(server.requests().at(1))["max_completion_tokens"]);
}

TEST(Generator, SendsARefusedPromptOnce) {
  ScriptedServer server({answer(
      400,
      R"({"error":{"code":"invalid_prompt","message":"Flagged, see https://h/reasoning#advice. Unsupported."}})")});
  WorkspaceConfig config = a_workspace(server.url());
  config.model = "gpt-6-luna";
  reason_of(ask(offline_settings(), config), Finding::content_refused);
  EXPECT_EQ(1U, server.requests().size());
}

TEST(Generator, AsksNoMoreThanOnceWithoutWhatAModelRefuses) {
  ScriptedServer server({answer(
      400, R"({"error":{"message":"Unsupported parameter: 'thinking'","param":"thinking"}})")});
  WorkspaceConfig config = a_workspace(server.url());
  config.provider = "deepseek";
  reason_of(ask(offline_settings(), config), Finding::setting_refused);
  EXPECT_EQ(2U, server.requests().size());
}

TEST(Generator, TakesBrokenAnswersForAProviderThatIsDown) {
  ScriptedServer server({answer(200, ""),
                         answer(200, "  \n \n"),
                         answer(200, "<html>"),
                         answer(200, "{}"),
                         answer(200, "[]"),
                         answer(200, "null"),
                         answer(200, "{\"choices\":[{\"message\":{\"content\":\"\xFF\"}}]}"),
                         answer(200, R"({"choices":[{"message":{"content":"\ud83d"}}]})"),
                         answer(200, R"({"error":{"message":"later","code":502}})"),
                         answer(200, std::string(2'000'000, '[')),
                         answer(200, R"({"a":)" + std::string(2'000'000, '{')),
                         answer(200, "data: {\"choices\":[{\"delta\":{\"content\":\"Yes\"}}]}\n\n"),
                         answer(200, std::string(5'000'000, ' ')),
                         {"", Scripted::Then::close},
                         {"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Scripted::Then::close},
                         {"no http at all\r\n\r\n", Scripted::Then::close}});
  constexpr int kAnswers = 16;
  for (int number = 0; number < kAnswers; ++number) {
    SCOPED_TRACE(number);
    reason_of(ask(offline_settings(), a_workspace(server.url())), Finding::down);
  }
  EXPECT_EQ(static_cast<std::size_t>(kAnswers), server.requests().size());
}

TEST(Generator, HidesTheKeyThatAProviderRepeats) {
  ScriptedServer server(
      {answer(400, R"({"error":{"message":"bad key swordfish for +15555550101"}})")});
  WorkspaceConfig config = a_workspace(server.url());
  config.api_key = "swordfish";
  EXPECT_EQ("request not accepted; openai answered HTTP 400: bad key *** for ***",
            reason_of(ask(offline_settings(), config), Finding::faulty));
}

TEST(Generator, HidesTheKeyWhereverItIsRepeated) {
  ScriptedServer server({answer(400, R"({"error":{"code":"swordfish","type":"swordfish"}})"),
                         answer(200,
                                R"({"model":"swordfish-4","choices":[{"finish_reason":"stop",)"
                                R"("message":{"content":"It is swordfish."}}]})")});
  WorkspaceConfig config = a_workspace(server.url());
  config.api_key = "swordfish";
  const auto refused = ask(offline_settings(), config);
  EXPECT_EQ(std::string::npos, reason_of(refused, Finding::faulty).find("swordfish"));
  const auto reply = ask(offline_settings(), config);
  ASSERT_TRUE(reply) << reply.error().answer.reason;
  EXPECT_EQ("***-4", reply->model);
  EXPECT_EQ("It is ***.", reply->text);
}

TEST(Generator, GivesBackWhatAStopBreaksOff) {
  ScriptedServer server({{"", Scripted::Then::hang}});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ("stopped",
            reason_of(ask(offline_settings(), a_workspace(server.url()), 1, stop.get_token()),
                      Finding::not_sent));
}

TEST(Generator, CountsWhatAnAnswerWithoutAReplyConsumed) {
  const std::string usage =
      R"("usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}})";
  ScriptedServer server({answer(200, R"({"choices":[],)" + usage),
                         answer(200, completion("Yes. But", "length")),
                         answer(200, R"({"error":{"code":429},)" + usage),
                         answer(500, "{" + usage)});
  const WorkspaceConfig config = a_workspace(server.url());
  for (const Finding finding : {Finding::empty, Finding::cut, Finding::throttled}) {
    const auto reply = ask(offline_settings(), config);
    reason_of(reply, finding);
    ASSERT_TRUE(!reply && reply.error().consumed.usage);
    EXPECT_EQ(110, reply.error().consumed.usage->total);
    EXPECT_EQ(100 * 150 + 10 * 600, reply.error().consumed.cost_nanodollars);
  }
  const auto down = ask(offline_settings(), config);
  ASSERT_FALSE(down);
  EXPECT_FALSE(down.error().consumed.usage || down.error().consumed.cost_nanodollars);
}

TEST(Generator, KnowsNoCostWithoutBelievableUsage) {
  for (const char* usage :
       {R"({"prompt_tokens":-1,"completion_tokens":10,"total_tokens":9})",
        R"({"prompt_tokens":100,"completion_tokens":99999999999,"total_tokens":110})",
        R"({"prompt_tokens":"many","completion_tokens":10})",
        R"({"prompt_tokens":1e300,"completion_tokens":10})",
        R"({"total_tokens":110})",
        "null"}) {
    ScriptedServer server({answer(
        200,
        std::string(R"({"choices":[{"message":{"content":"Yes."}}],"usage":)") + usage + "}")});
    const auto reply = ask(offline_settings(), a_workspace(server.url()));
    ASSERT_TRUE(reply) << reply.error().answer.reason;
    EXPECT_EQ(std::nullopt, reply->cost_nanodollars) << usage;
  }
}

TEST(Generator, FailsToReachWhereNobodyListens) {
  const auto reply = ask(offline_settings(), a_workspace("http://127.0.0.1:1/v1"));
  reason_of(reply, Finding::unreachable);
}

TEST(Generator, AnswersOfflineWithEcho) {
  GenerateSettings settings = offline_settings();
  settings.provider_override = "echo";
  WorkspaceConfig config = a_workspace();
  config.provider = "anthropic";
  config.model = "";
  const auto reply = ask(settings, config);
  ASSERT_TRUE(reply) << reply.error().answer.reason;
  EXPECT_EQ("You said: Open \"Sunday\"? \U0001F600", reply->text);
  EXPECT_EQ("echo", reply->provider);
  EXPECT_EQ("echo", reply->model);
  EXPECT_EQ(0, reply->cost_nanodollars);
  EXPECT_GT(reply->tokens_used.value_or(0), 0);
}

TEST(Generator, KeepsKeyAndAddressFromAnOverridingProvider) {
  ScriptedServer server({answer(200, completion("Yes."))});
  GenerateSettings settings = offline_settings();
  settings.environment = [](const std::string&) { return std::optional<std::string>(); };
  settings.provider_override = "openai";
  WorkspaceConfig config = a_workspace(server.url());
  config.provider = "groq";
  config.api_key = "gsk_tenant";
  EXPECT_TRUE(reason_of(ask(settings, config), Finding::no_operator_key).starts_with("NO API KEY"));
  EXPECT_TRUE(server.requests().empty());
}

}  // namespace
}  // namespace autoreply

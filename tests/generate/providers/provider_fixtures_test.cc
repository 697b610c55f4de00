// Serves every captured answer over a real socket and checks it against its row in
// index.tsv.

#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generate/generator.h"
#include "generate/provider_table.h"
#include "support/blocking_client.h"
#include "support/scripted_server.h"

namespace autoreply {
namespace {

const std::string kFolder = std::string(AUTOREPLY_TEST_DATA) + "/fixtures/providers/";

struct Fixture {
  std::string file;
  std::string provider;
  int status = 0;
  std::string headers;
  std::string expected;
  std::string tokens;
};

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> split(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (;;) {
    const std::size_t end = text.find(separator, start);
    parts.push_back(text.substr(start, end - start));
    if (end == std::string::npos) return parts;
    start = end + separator.size();
  }
}

std::vector<Fixture> fixtures() {
  std::vector<Fixture> all;
  for (const std::string& line : split(read_file(kFolder + "index.tsv"), "\n")) {
    const std::vector<std::string> cells = split(line, "\t");
    if (cells.size() < 6 || cells[0] == "file") continue;
    Fixture fixture{cells[0], cells[1], std::stoi(cells[2]), "", cells[4], cells[5]};
    for (const std::string& header : split(cells[3], "; ")) {
      if (header.find(": ") != std::string::npos) fixture.headers += header + "\r\n";
    }
    all.push_back(fixture);
  }
  return all;
}

/// Returns the value of `name=` in "ok text=\"…\"" and "in=1;out=2".
std::string value_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t start = at + name.size() + 1;
  if (text[start] == '"') return text.substr(start + 1, text.rfind('"') - start - 1);
  return text.substr(start, text.find_first_of("; ", start) - start);
}

/// Points a workspace at a server that answers as a fixture does. Providers that are not in the
/// table speak chat completions.
WorkspaceConfig workspace_of(const Fixture& fixture, const test::ScriptedServer& server) {
  WorkspaceConfig config;
  config.model = "the-model";
  config.api_key = "sk-test";
  config.base_url = server.url("/v1");
  config.provider = fixture.provider;
  if (fixture.provider == "ollama-native") {
    config.provider = "ollama";
    config.base_url = server.url("/api");
  } else if (find_provider(fixture.provider) == nullptr) {
    config.provider = "openai";
  }
  if (fixture.provider == "openai-responses") config.base_url = server.url("/v1/responses");
  return config;
}

tl::expected<Reply, NoReply> serve(const Fixture& fixture, int attempt) {
  test::ScriptedServer server(
      {test::answer(fixture.status, read_file(kFolder + fixture.file), fixture.headers)});
  GenerateSettings settings;
  settings.timeout = std::chrono::seconds(10);
  settings.keys.allow_hosts = {"127.0.0.1"};
  test::BlockingClient http;
  return http.run(Generator(settings).generate(workspace_of(fixture, server),
                                               {"Be brief.", {{Role::user, "Open Sunday?"}}},
                                               {.attempt = attempt, .max_attempts = 3},
                                               http.sender(),
                                               {}));
}

/// Returns the findings that a row of index.tsv allows.
std::vector<Finding> expected_findings(const std::string& expected) {
  const auto has = [&](const char* part) { return expected.find(part) != std::string::npos; };
  if (expected.starts_with("truncated")) return {Finding::cut};
  if (expected.starts_with("empty")) return {Finding::empty};
  if (expected.starts_with("retryable")) return {Finding::down};
  if (expected.starts_with("rate_limited")) return {Finding::throttled};
  if (has("tool_call")) return {Finding::faulty};
  if (has("scope=key") || has("scope=account")) return {Finding::account_refused};
  if (has("scope=config")) return {Finding::setting_refused};
  if (has("scope=job")) return {Finding::content_refused, Finding::faulty};
  return {Finding::content_refused};
}

TEST(ProviderFixtures, AreTakenForWhatTheyAre) {
  const std::vector<Fixture> all = fixtures();
  ASSERT_GT(all.size(), 70U);
  for (const Fixture& fixture : all) {
    SCOPED_TRACE(fixture.file + ": " + fixture.expected);
    const auto reply = serve(fixture, 1);
    if (fixture.expected.starts_with("ok")) {
      ASSERT_TRUE(reply) << reply.error().answer.reason;
      EXPECT_EQ(value_of(fixture.expected, "text"), reply->text);
      EXPECT_EQ(
          std::stoll(value_of(fixture.tokens, "in")) + std::stoll(value_of(fixture.tokens, "out")),
          reply->tokens_used);
      continue;
    }
    ASSERT_FALSE(reply);
    if (fixture.status == 200 && fixture.tokens.starts_with("in=")) {
      ASSERT_TRUE(reply.error().consumed.usage);
      EXPECT_EQ(
          std::stoll(value_of(fixture.tokens, "in")) + std::stoll(value_of(fixture.tokens, "out")),
          reply.error().consumed.usage->total);
    }
    const Answer& answer = reply.error().answer;
    EXPECT_THAT(expected_findings(fixture.expected), testing::Contains(answer.finding))
        << answer.reason;
    EXPECT_LE(answer.reason.size(), 300U);
    EXPECT_EQ(std::string::npos, answer.reason.find("sk-")) << answer.reason;
    if (const std::string wait = value_of(fixture.expected, "wait"); !wait.empty()) {
      EXPECT_EQ(std::chrono::milliseconds(std::llround(std::stod(wait) * 1'000)), answer.wait);
    }
    if (fixture.status >= 300) {
      EXPECT_NE(std::string::npos, answer.reason.find("HTTP " + std::to_string(fixture.status)));
    }
    if (const std::string param = value_of(fixture.expected, "param"); !param.empty()) {
      EXPECT_TRUE(answer.reason.starts_with("the model rejects '" + param + "'")) << answer.reason;
    }
  }
}

TEST(ProviderFixtures, SayTheSameOnTheLastAttempt) {
  for (const Fixture& fixture : fixtures()) {
    SCOPED_TRACE(fixture.file);
    if (!fixture.expected.starts_with("empty")) continue;
    const auto reply = serve(fixture, 3);
    ASSERT_FALSE(reply);
    EXPECT_EQ(Finding::empty, reply.error().answer.finding) << reply.error().answer.reason;
  }
}

}  // namespace
}  // namespace autoreply

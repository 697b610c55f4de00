// Which peers, keys and settings a workspace's replies depend on.

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "generate/generator.h"
#include "generate/generator_fixture.h"

namespace autoreply {
namespace {

using test::a_workspace;
using test::offline_settings;

TEST(Generator, KnowsAKeyHoweverItsAddressIsWritten) {
  const Generator generator(offline_settings());
  const auto route = [&](const std::string& base_url, const std::string& key) {
    WorkspaceConfig config = a_workspace(base_url);
    config.api_key = key;
    return generator.route_of("ws-1", config);
  };
  const auto plain = route("https://llm.example.com/v1", "sk-1");
  EXPECT_EQ("https://llm.example.com:443/v1/chat/completions", plain.address);
  EXPECT_EQ(std::string::npos, plain.key.name.find("sk-1"));
  for (const char* same : {"https://llm.example.com/v1/", "HTTPS://LLM.example.com:443/v1"}) {
    EXPECT_EQ(plain.key, route(same, "sk-1").key) << same;
  }
  EXPECT_NE(plain.key, route("https://llm.example.com/v2", "sk-1").key);
  const auto other_key = route("https://llm.example.com/v1", "sk-2");
  EXPECT_NE(plain.key, other_key.key);
  EXPECT_EQ(plain.address, other_key.address);
}

TEST(Generator, NamesSettingsAfterAllThatAProviderCanRefuse) {
  const Generator generator(offline_settings());
  WorkspaceConfig config = a_workspace("https://llm.example.com/v1");
  const Route plain = generator.route_of("ws-1", config);
  const auto changed = [&](auto change) {
    WorkspaceConfig other = config;
    change(other);
    return generator.route_of("ws-1", other).settings != plain.settings;
  };
  EXPECT_TRUE(changed([](WorkspaceConfig& one) { one.model = "another"; }));
  EXPECT_TRUE(changed([](WorkspaceConfig& one) { one.temperature = 0.123; }));
  EXPECT_TRUE(changed([](WorkspaceConfig& one) { one.max_tokens = 77; }));
  EXPECT_TRUE(changed([](WorkspaceConfig& one) { one.api_key = "sk-other"; }));
  EXPECT_TRUE(changed([](WorkspaceConfig& one) { one.base_url = "https://b.example.com/v1"; }));
  EXPECT_TRUE(changed([](WorkspaceConfig& one) { one.provider = "groq"; }));
  EXPECT_FALSE(changed([](WorkspaceConfig& one) { one.system_prompt = "Be brief."; }));
  EXPECT_NE(plain.settings, generator.route_of("ws-2", config).settings);
  EXPECT_EQ(plain.key, generator.route_of("ws-2", config).key) << "they share it";
}

TEST(Generator, NamesForbiddenSettingsAfterTheOptionsThatForbidThem) {
  GenerateSettings settings = offline_settings();
  settings.keys.allow_hosts.clear();
  const WorkspaceConfig config = a_workspace("http://10.0.0.1/v1");
  const Route forbidden = Generator(settings).route_of("ws-1", config);
  EXPECT_NE("", forbidden.problem);
  settings.keys.allow_hosts = {"10.0.0.1"};
  const Route allowed = Generator(settings).route_of("ws-1", config);
  EXPECT_EQ("", allowed.problem);
  EXPECT_NE(forbidden.settings, allowed.settings);
}

TEST(Generator, TellsWhoseKeyAWorkspaceUses) {
  GenerateSettings settings = offline_settings();
  settings.environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "OPENAI_API_KEY" || name == "AUTOREPLY_KEY_A") return "sk-" + name;
    return std::nullopt;
  };
  const Generator generator(settings);
  WorkspaceConfig config = a_workspace();
  config.workspace_id = "a";
  EXPECT_EQ(Scope::the_operator, generator.route_of("a", config).key_scope);
  config.api_key = "env:AUTOREPLY_KEY_A";
  EXPECT_EQ(Scope::workspace, generator.route_of("a", config).key_scope);
  config.workspace_id = "b";
  EXPECT_NE("", generator.route_of("b", config).problem) << "it is not b's key";
  settings.environment = [](const std::string&) { return std::optional<std::string>(); };
  config.api_key.clear();
  EXPECT_TRUE(Generator(settings).route_of("b", config).lacks_operator_key);
}

TEST(Generator, KnowsARouteWithoutAskingTheDiskOnceTheKeysFileWasRead) {
  GenerateSettings settings = offline_settings();
  std::string pattern = (std::filesystem::temp_directory_path() / "key-XXXXXX").string();
  const int file = mkstemp(pattern.data());
  ASSERT_EQ(7, write(file, "sk-file", 7));
  close(file);
  settings.environment = [&](const std::string& name) -> std::optional<std::string> {
    if (name == "OPENAI_API_KEY_FILE") return pattern;
    return std::nullopt;
  };
  const Generator generator(settings);
  WorkspaceConfig config = a_workspace();
  EXPECT_FALSE(generator.known_route_of("a", config));
  const Route route = generator.route_of("a", config);
  EXPECT_EQ("", route.problem);
  std::filesystem::remove(pattern);
  const auto known = generator.known_route_of("a", config);
  ASSERT_TRUE(known);
  EXPECT_EQ(route.key, known->key);
  const auto neighbour = generator.known_route_of("b", config);
  ASSERT_TRUE(neighbour) << "it has the operator's key, too";
  EXPECT_EQ(route.key, neighbour->key);
  config.workspace_id = "a";
  config.api_key = "file:/keys/a/key";
  EXPECT_FALSE(generator.known_route_of("a", config));
}

}  // namespace
}  // namespace autoreply

#include "generate/providers/openai_provider.h"

#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "generate/providers/model_family.h"

namespace autoreply {
namespace {

nlohmann::json body_for(std::string_view provider, const std::string& model, bool built_in = true) {
  GenerationRequest request;
  request.model = model;
  request.temperature = 0.5;
  request.endpoint.built_in = built_in;
  return nlohmann::json::parse(
      chat_request_body({"", {{Role::user, "Hi"}}}, request, *find_provider(provider)));
}

TEST(ChatRequestBody, NamesTheTokenLimitAsTheProviderDoes) {
  for (const char* provider : {"openai", "azure", "groq"}) {
    EXPECT_EQ(600, body_for(provider, "m")["max_completion_tokens"]) << provider;
    EXPECT_FALSE(body_for(provider, "m").contains("max_tokens"));
  }
  for (const char* provider : {"deepseek", "mistral", "openrouter", "ollama"}) {
    EXPECT_EQ(600, body_for(provider, "m")["max_tokens"]) << provider;
    EXPECT_FALSE(body_for(provider, "m").contains("max_completion_tokens"));
  }
}

TEST(ChatRequestBody, SendsOpenAiItsOwnSwitches) {
  EXPECT_EQ(false, body_for("openai", "gpt-6-luna")["store"]);
  EXPECT_EQ("none", body_for("openai", "gpt-6-luna")["reasoning_effort"]);
  EXPECT_FALSE(body_for("openai", "gpt-6-luna").contains("temperature"));
  EXPECT_FALSE(body_for("openai", "gpt-6-luna", false).contains("store"));
  EXPECT_EQ(0.5, body_for("openai", "gpt-4.1")["temperature"]);
  EXPECT_EQ("disabled", body_for("deepseek", "deepseek-flash")["thinking"]["type"]);
  EXPECT_EQ(1U, body_for("groq", "m")["messages"].size());
}

TEST(ModelFamily, TellsReasoningModels) {
  for (const char* model : {"o1",
                            "o3-mini",
                            "o4-mini-2025-04-16",
                            "gpt-5",
                            "gpt-5-mini",
                            "gpt-5.4-nano",
                            "gpt-6-luna",
                            "gpt-6.1-terra",
                            "openai/gpt-6-sol"}) {
    EXPECT_TRUE(is_reasoning_model(model)) << model;
  }
  for (const char* model : {"gpt-4o",
                            "gpt-4.1-mini",
                            "gpt-5-chat-latest",
                            "gpt-3.5-turbo",
                            "llama3",
                            "openai/gpt-oss-120b",
                            "omni",
                            ""}) {
    EXPECT_FALSE(is_reasoning_model(model)) << model;
  }
}

TEST(ModelFamily, KnowsTheLowestEffort) {
  EXPECT_EQ("minimal", lowest_reasoning_effort("gpt-5-mini-2025-08-07"));
  EXPECT_EQ("none", lowest_reasoning_effort("gpt-5.4-mini"));
  EXPECT_EQ("none", lowest_reasoning_effort("gpt-6-luna-2026-09-22"));
  EXPECT_EQ("low", lowest_reasoning_effort("gpt-6-astra"));
  EXPECT_EQ("low", lowest_reasoning_effort("o3-mini"));
  for (const char* model : {"gpt-5-pro", "gpt-5-chat-latest", "gpt-4o", "o1-mini", "mystery"}) {
    EXPECT_EQ("", lowest_reasoning_effort(model)) << model;
  }
}

TEST(TokenBudget, DoublesUpToALimit) {
  GenerationRequest request;
  const auto budget = [&](int attempt, std::optional<int> first) {
    request.attempt = attempt;
    request.max_tokens = first;
    return token_budget(request);
  };
  EXPECT_EQ(600, budget(1, {}));
  EXPECT_EQ(2'400, budget(3, {}));
  EXPECT_EQ(8'192, budget(30, {}));
  EXPECT_EQ(20'000, budget(2, 20'000));
  EXPECT_EQ(1, budget(1, -5));
  EXPECT_EQ(std::numeric_limits<int>::max(), budget(5, std::numeric_limits<int>::max()));
}

}  // namespace
}  // namespace autoreply

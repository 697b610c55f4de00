// What each provider is sent.

#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "generate/provider_table.h"
#include "generate/providers/openai_models.h"
#include "generate/token_budget.h"

namespace autoreply {
namespace {

using Json = nlohmann::json;

const Conversation kSentConversation = {
    "Be brief.", {{Role::user, "Hi"}, {Role::assistant, "Hello!"}, {Role::user, "Open?"}}};

GenerationRequest request_for(std::string_view provider,
                              const std::string& model,
                              const std::string& base_url = "") {
  GenerationRequest request;
  request.model = model;
  request.temperature = 0.5;
  request.token_budget = 600;
  request.endpoint.built_in = base_url.empty();
  request.endpoint.base_url =
      base_url.empty() ? std::string(find_provider(provider)->base_url) : base_url;
  return request;
}

Json body_of(std::string_view provider, const GenerationRequest& request) {
  return Json::parse(find_provider(provider)->body(kSentConversation, request));
}

Json body_for(std::string_view provider, const std::string& model, const std::string& url = "") {
  return body_of(provider, request_for(provider, model, url));
}

std::string address_of(std::string_view provider, const std::string& base_url) {
  const auto address = find_provider(provider)->address(base_url, "the-model");
  return address ? *address : "error: " + address.error().message;
}

TEST(ProviderRequests, NameTheTokenLimitAsTheProviderDoes) {
  for (const char* provider : {"openai", "azure", "groq"}) {
    EXPECT_EQ(600, body_for(provider, "m")["max_completion_tokens"]) << provider;
    EXPECT_FALSE(body_for(provider, "m").contains("max_tokens"));
  }
  for (const char* provider : {"deepseek", "mistral", "openrouter", "ollama"}) {
    EXPECT_EQ(600, body_for(provider, "m")["max_tokens"]) << provider;
    EXPECT_FALSE(body_for(provider, "m").contains("max_completion_tokens"));
  }
}

TEST(ProviderRequests, UseTheFieldThatAnUnknownServerMayKnow) {
  EXPECT_EQ(600, body_for("openai", "llama3", "https://vllm.example/v1")["max_tokens"]);
  EXPECT_EQ(600, body_for("openai", "gpt-6-sol", "https://p.example/v1")["max_completion_tokens"]);
}

TEST(ProviderRequests, SaveReasoningAndStorageWhereTheProviderCan) {
  EXPECT_EQ(false, body_for("openai", "gpt-6-luna")["store"]);
  EXPECT_EQ("none", body_for("openai", "gpt-6-luna")["reasoning_effort"]);
  EXPECT_FALSE(body_for("openai", "gpt-6-luna").contains("temperature"));
  EXPECT_FALSE(body_for("openai", "gpt-6-luna", "https://p.example").contains("store"));
  EXPECT_EQ(0.5, body_for("openai", "gpt-4.1")["temperature"]);
  EXPECT_FALSE(body_for("openai", "gpt-4.1").contains("reasoning_effort"));
  EXPECT_EQ("minimal", body_for("azure", "gpt-5-mini", "https://r.example")["reasoning_effort"]);
  EXPECT_EQ("disabled", body_for("deepseek", "deepseek-flash")["thinking"]["type"]);
  EXPECT_EQ("none", body_for("groq", "qwen/qwen3-32b")["reasoning_effort"]);
  EXPECT_EQ("low", body_for("groq", "openai/gpt-oss-20b")["reasoning_effort"]);
  EXPECT_FALSE(body_for("groq", "llama-3.1-8b-instant").contains("reasoning_effort"));
  EXPECT_EQ("none", body_for("openrouter", "z-ai/glm-4.6")["reasoning"]["effort"]);
  EXPECT_EQ("none", body_for("ollama", "qwen3")["reasoning_effort"]);
  EXPECT_EQ("low", body_for("ollama", "gpt-oss:20b")["reasoning_effort"]);
}

TEST(ProviderRequests, LeaveOutWhatAModelHasRefused) {
  for (const char* provider : {"openai", "azure", "deepseek", "ollama"}) {
    GenerationRequest request = request_for(provider, "gpt-6-luna", "https://p.example/v1");
    request.refused.extras = true;
    for (const char* field : {"reasoning_effort", "thinking", "store"}) {
      EXPECT_FALSE(body_of(provider, request).contains(field)) << provider << " " << field;
    }
  }
  GenerationRequest request = request_for("openai", "llama3", "https://p.example/v1");
  request.refused.token_field = true;
  EXPECT_EQ(600, body_of("openai", request)["max_completion_tokens"]);
  EXPECT_FALSE(body_of("openai", request).contains("max_tokens"));
}

TEST(ProviderRequests, SpeakAnthropicsMessages) {
  const Json body = body_for("anthropic", "claude-haiku-4-5-20251001");
  EXPECT_EQ("Be brief.", body["system"]);
  EXPECT_EQ(600, body["max_tokens"]);
  EXPECT_EQ(0.5, body["temperature"]);
  ASSERT_EQ(3U, body["messages"].size());
  EXPECT_EQ("assistant", body["messages"][1]["role"]);
  EXPECT_EQ("Open?", body["messages"][2]["content"]);
  EXPECT_FALSE(body.contains("thinking"));
  EXPECT_EQ("disabled", body_for("anthropic", "claude-haiku-5-5")["thinking"]["type"]);
  EXPECT_FALSE(body_for("anthropic", "claude-haiku-5-5").contains("temperature"));
  for (const char* model : {"claude-opus-5-5", "claude-sonnet-5-5-20261007", "claude-fable-5-1"}) {
    EXPECT_EQ("low", body_for("anthropic", model)["output_config"]["effort"]) << model;
    EXPECT_FALSE(body_for("anthropic", model).contains("thinking")) << model;
  }
  for (const char* model : {"claude-sonnet-4-6", "claude-3-5-haiku-latest", "claude-opus-4-1"}) {
    EXPECT_TRUE(body_for("anthropic", model).contains("temperature")) << model;
  }
  for (const char* model : {"claude-opus-4-7", "claude-sonnet-5", "claude-mystery"}) {
    EXPECT_FALSE(body_for("anthropic", model).contains("temperature")) << model;
  }
  const auto headers = find_provider("anthropic")->headers(Secret("sk-ant"));
  ASSERT_EQ(2U, headers.size());
  EXPECT_EQ("anthropic-version", headers[0].first);
  EXPECT_EQ("x-api-key", headers[1].first);
  EXPECT_EQ("sk-ant", headers[1].second);
}

TEST(ProviderRequests, SpeakGemini) {
  const Json body = body_for("gemini", "gemini-2.5-flash");
  EXPECT_EQ("Be brief.", body["systemInstruction"]["parts"][0]["text"]);
  ASSERT_EQ(3U, body["contents"].size());
  EXPECT_EQ("model", body["contents"][1]["role"]);
  EXPECT_EQ("Open?", body["contents"][2]["parts"][0]["text"]);
  const auto config = [](const char* model) {
    return body_for("gemini", model)["generationConfig"];
  };
  EXPECT_EQ(600, config("gemini-2.5-flash")["maxOutputTokens"]);
  EXPECT_EQ(0.5, config("gemini-2.5-flash")["temperature"]);
  EXPECT_EQ(0, config("gemini-2.5-flash")["thinkingConfig"]["thinkingBudget"]);
  EXPECT_EQ(128, config("gemini-2.5-pro")["thinkingConfig"]["thinkingBudget"]);
  EXPECT_EQ("MINIMAL", config("gemini-3.5-flash-lite")["thinkingConfig"]["thinkingLevel"]);
  for (const char* model :
       {"gemini-3.8-flash", "models/gemini-3.1-pro-preview", "gemini-4-flash"}) {
    EXPECT_EQ("LOW", config(model)["thinkingConfig"]["thinkingLevel"]) << model;
    EXPECT_FALSE(config(model).contains("temperature")) << model;
  }
  EXPECT_FALSE(config("gemini-2.0-flash").contains("thinkingConfig"));
  EXPECT_EQ("x-goog-api-key", find_provider("gemini")->headers(Secret("k")).at(0).first);
}

TEST(ProviderRequests, SpeakOpenAisResponses) {
  const Json body = body_for("openai", "gpt-6.1-terra", "https://api.openai.com/v1/responses");
  EXPECT_EQ("Be brief.", body["instructions"]);
  EXPECT_EQ(3U, body["input"].size());
  EXPECT_EQ(600, body["max_output_tokens"]);
  EXPECT_EQ(false, body["store"]);
  EXPECT_EQ("none", body["reasoning"]["effort"]);
}

TEST(ProviderRequests, SpeakOllamasOwnProtocol) {
  const Json body = body_for("ollama", "qwen3", "http://localhost:11434/api");
  EXPECT_EQ(600, body["options"]["num_predict"]);
  EXPECT_EQ(0.5, body["options"]["temperature"]);
  EXPECT_EQ(false, body["think"]);
  EXPECT_EQ(4U, body["messages"].size());
  EXPECT_FALSE(body.contains("max_tokens"));
}

TEST(ProviderAddress, IsFoundFromEveryFormOfABase) {
  for (const char* base : {"https://h/v1", "https://h/v1/", "https://h/v1/chat/completions"}) {
    EXPECT_EQ("https://h/v1/chat/completions", address_of("openai", base)) << base;
  }
  EXPECT_EQ("https://h/v1/responses", address_of("openai", "https://h/v1/responses"));
  for (const char* base : {"https://h", "https://h/v1", "https://h/v1/messages"}) {
    EXPECT_EQ("https://h/v1/messages", address_of("anthropic", base)) << base;
  }
  EXPECT_EQ("https://h/anthropic/v1/messages", address_of("anthropic", "https://h/anthropic"));
  for (const char* base : {"https://h", "https://h/v1beta", "https://h/v1beta/models"}) {
    EXPECT_EQ("https://h/v1beta/models/the-model:generateContent", address_of("gemini", base))
        << base;
  }
  EXPECT_EQ("https://h/v1/models/the-model:generateContent", address_of("gemini", "https://h/v1"));
  for (const char* base : {"http://h:11434", "http://h:11434/v1"}) {
    EXPECT_EQ("http://h:11434/v1/chat/completions", address_of("ollama", base)) << base;
  }
  EXPECT_EQ("http://h:11434/api/chat", address_of("ollama", "http://h:11434/api/"));
}

TEST(ProviderAddress, FollowsBothKindsOfAzure) {
  for (const char* base :
       {"https://r.example", "https://r.example/openai", "https://r.example/openai/v1/"}) {
    EXPECT_EQ("https://r.example/openai/v1/chat/completions", address_of("azure", base)) << base;
  }
  const std::string dated =
      "https://r.example/openai/deployments/the-model/chat/completions?api-version=2024-10-21";
  for (const char* base :
       {"https://r.example/openai/deployments/the-model",
        "https://r.example/openai/deployments/the-model?api-version=2024-10-21",
        "https://r.example/openai/deployments/the-model/chat/completions?api-version=2024-10-21",
        "https://r.example/?api-version=2024-10-21",
        "https://r.example/openai?api-version=2024-10-21"}) {
    EXPECT_EQ(dated, address_of("azure", base)) << base;
  }
  EXPECT_NE(find_provider("azure")->address("https://r.example/?api-version=1", "").value(),
            find_provider("azure")->address("https://s.example/?api-version=1", "").value());
  EXPECT_EQ("https://r.example/models/chat/completions?api-version=2024-05-01-preview",
            address_of("azure", "https://r.example/models?api-version=2024-05-01-preview"));
}

TEST(ProviderAddress, IsNotLedElsewhereByTheNameOfAModel) {
  const Provider& gemini = *find_provider("gemini");
  for (const char* model : {"..", "models/..", "a?key=x", "a#b", "a%2e", "a b", "a\\b"}) {
    EXPECT_FALSE(gemini.address("https://h", model)) << model;
  }
  EXPECT_EQ("https://h/v1beta/models/x:generateContent", *gemini.address("https://h", "../../x"));
  EXPECT_EQ("https://h/v1beta/tunedModels/shop-1:generateContent",
            *gemini.address("https://h", "tunedModels/shop-1"));
}

TEST(OpenAiModels, TellReasoningModels) {
  for (const char* model : {"o1",
                            "o3-mini",
                            "o4-mini-2025-04-16",
                            "gpt-5",
                            "gpt-5-mini",
                            "gpt-5.4-nano",
                            "gpt-6-luna",
                            "gpt-6.1-terra",
                            "openai/gpt-6-sol"}) {
    EXPECT_TRUE(rejects_temperature(model)) << model;
  }
  for (const char* model : {"gpt-4o",
                            "gpt-35-turbo",
                            "gpt-4.1-mini",
                            "gpt-5-chat-latest",
                            "gpt-3.5-turbo",
                            "llama3",
                            "openai/gpt-oss-120b",
                            "omni",
                            ""}) {
    EXPECT_FALSE(rejects_temperature(model)) << model;
  }
}

TEST(OpenAiModels, KnowTheLowestEffort) {
  EXPECT_EQ("minimal", lowest_reasoning_effort("gpt-5-mini-2025-08-07"));
  EXPECT_EQ("none", lowest_reasoning_effort("gpt-5.4-mini"));
  EXPECT_EQ("none", lowest_reasoning_effort("gpt-6-luna-2026-09-22"));
  EXPECT_EQ("low", lowest_reasoning_effort("gpt-6-astra"));
  EXPECT_EQ("low", lowest_reasoning_effort("o3-mini"));
  EXPECT_EQ("low", lowest_reasoning_effort("openai/gpt-oss-120b"));
  for (const char* model : {"gpt-5-pro", "gpt-5-chat-latest", "gpt-4o", "o1-mini", "mystery"}) {
    EXPECT_EQ("", lowest_reasoning_effort(model)) << model;
  }
}

TEST(TokenBudget, DoublesUpToALimit) {
  EXPECT_EQ(600, token_budget({}, false, 0));
  EXPECT_EQ(2'600, token_budget({}, true, 0));
  EXPECT_EQ(2'400, token_budget({}, false, 2));
  EXPECT_EQ(8'192, token_budget({}, false, 30));
  EXPECT_EQ(20'000, token_budget(20'000, false, 1));
  EXPECT_EQ(1, token_budget(-5, false, 0));
  constexpr int kMax = std::numeric_limits<int>::max();
  EXPECT_EQ(kMax, token_budget(kMax, true, 5));
}

TEST(ProviderTable, LeavesRoomForTextWhereAModelAlwaysReasons) {
  const auto reasons = [](std::string_view provider, std::string_view model) {
    return find_provider(provider)->always_reasons(model);
  };
  EXPECT_TRUE(reasons("openai", "gpt-6-astra"));
  EXPECT_FALSE(reasons("openai", "gpt-6-luna"));
  EXPECT_TRUE(reasons("anthropic", "claude-opus-5-5"));
  EXPECT_FALSE(reasons("anthropic", "claude-haiku-5-5"));
  EXPECT_TRUE(reasons("gemini", "gemini-3.8-flash"));
  EXPECT_FALSE(reasons("gemini", "gemini-2.5-flash"));
  EXPECT_TRUE(reasons("gemini", "gemini-flash-latest"));
  EXPECT_TRUE(reasons("mistral", "magistral-medium-latest"));
  EXPECT_TRUE(reasons("openrouter", "anthropic/claude-opus-5-5"));
  EXPECT_TRUE(reasons("openrouter", "google/gemini-3.8-pro"));
}

}  // namespace
}  // namespace autoreply

// Groq. Its Qwen models can do without reasoning, its GPT-OSS models cannot.

#include <nlohmann/json.hpp>

#include "generate/providers/all_providers.h"
#include "generate/providers/chat_completions.h"
#include "generate/providers/openai_models.h"

namespace autoreply {
namespace {

std::string_view effort_of(std::string_view model) {
  return model.starts_with("qwen/qwen3") ? "none" : lowest_reasoning_effort(model);
}

std::string groq_body(const Conversation& conversation, const GenerationRequest& request) {
  auto body = chat_request(conversation, request, kNewTokenField);
  const std::string_view effort = effort_of(request.model);
  if (!effort.empty() && !request.refused.extras) body["reasoning_effort"] = effort;
  return dump_in_order(body);
}

}  // namespace

constinit const Provider kGroq{.name = "groq",
                               .base_url = "https://api.groq.com/openai/v1",
                               .key_variable = "GROQ_API_KEY",
                               .prices_of = "groq",
                               .address = chat_address,
                               .headers = bearer_headers,
                               .body = groq_body,
                               .read = read_chat_completion,
                               .always_reasons = reasons_at_lowest_effort};

}  // namespace autoreply

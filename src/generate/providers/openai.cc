// OpenAI, and any server that speaks its chat completions (vLLM, llama.cpp, LiteLLM and others). A
// base URL that ends with /responses selects OpenAI's newer protocol.

#include <nlohmann/json.hpp>

#include "generate/providers/all_providers.h"
#include "generate/providers/chat_completions.h"
#include "generate/providers/openai_models.h"
#include "generate/providers/responses.h"

namespace autoreply {
namespace {

Result<std::string> openai_address(const std::string& base_url, std::string_view model) {
  return is_responses_address(base_url) ? base_url : chat_address(base_url, model);
}

std::string openai_body(const Conversation& conversation, const GenerationRequest& request) {
  if (is_responses_address(request.endpoint.base_url)) {
    return responses_request(conversation, request);
  }
  // All servers know the older field. OpenAI's own and its reasoning models want the newer one.
  const bool is_new = request.endpoint.built_in || rejects_temperature(request.model);
  auto body = chat_request(conversation, request, is_new ? kNewTokenField : kOldTokenField);
  if (request.refused.extras) return dump_in_order(body);
  // Customers' messages are not kept for later viewing.
  if (request.endpoint.built_in) body["store"] = false;
  if (const auto effort = lowest_reasoning_effort(request.model); !effort.empty()) {
    body["reasoning_effort"] = effort;
  }
  return dump_in_order(body);
}

}  // namespace

constinit const Provider kOpenAi{.name = "openai",
                                 .base_url = "https://api.openai.com/v1",
                                 .key_variable = "OPENAI_API_KEY",
                                 .prices_of = "openai",
                                 .address = openai_address,
                                 .headers = bearer_headers,
                                 .body = openai_body,
                                 .read = read_either_protocol,
                                 .always_reasons = reasons_at_lowest_effort};

}  // namespace autoreply

// DeepSeek. Its models think unless they are told not to.

#include <nlohmann/json.hpp>

#include "generate/providers/all_providers.h"
#include "generate/providers/chat_completions.h"

namespace autoreply {
namespace {

std::string deepseek_body(const Conversation& conversation, const GenerationRequest& request) {
  auto body = chat_request(conversation, request, kOldTokenField);
  if (!request.refused.extras) body["thinking"] = {{"type", "disabled"}};
  return dump_in_order(body);
}

}  // namespace

constinit const Provider kDeepSeek{.name = "deepseek",
                                   .base_url = "https://api.deepseek.com",
                                   .key_variable = "DEEPSEEK_API_KEY",
                                   .prices_of = "deepseek",
                                   .address = chat_address,
                                   .headers = bearer_headers,
                                   .body = deepseek_body,
                                   .read = read_chat_completion};

}  // namespace autoreply

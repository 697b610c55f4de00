// Mistral. Models whose reasoning is adjustable do not reason unless they are asked to. The
// Magistral models always do.

#include <nlohmann/json.hpp>

#include "generate/providers/all_providers.h"
#include "generate/providers/chat_completions.h"

namespace autoreply {
namespace {

std::string mistral_body(const Conversation& conversation, const GenerationRequest& request) {
  return dump_in_order(chat_request(conversation, request, kOldTokenField));
}

bool is_magistral(std::string_view model) {
  return model.find("magistral") != std::string_view::npos;
}

}  // namespace

constinit const Provider kMistral{.name = "mistral",
                                  .base_url = "https://api.mistral.ai/v1",
                                  .key_variable = "MISTRAL_API_KEY",
                                  .prices_of = "mistral",
                                  .address = chat_address,
                                  .headers = bearer_headers,
                                  .body = mistral_body,
                                  .read = read_chat_completion,
                                  .always_reasons = is_magistral};

}  // namespace autoreply

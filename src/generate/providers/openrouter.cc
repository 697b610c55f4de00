// OpenRouter passes requests on to many vendors, under one set of names for reasoning. It reports
// what it charges.

#include <nlohmann/json.hpp>

#include "generate/providers/all_providers.h"
#include "generate/providers/chat_completions.h"
#include "generate/providers/openai_models.h"

namespace autoreply {
namespace {

std::string openrouter_body(const Conversation& conversation, const GenerationRequest& request) {
  auto body = chat_request(conversation, request, kOldTokenField);
  // Some models cannot do without reasoning.
  body["reasoning"] = {{"effort", request.refused.extras ? "low" : "none"}, {"exclude", true}};
  return dump_in_order(body);
}

/// OpenRouter passes on the models of all vendors.
bool always_reasons_at_its_vendor(std::string_view model) {
  return reasons_at_lowest_effort(model) || kAnthropic.always_reasons(model) ||
         kGemini.always_reasons(model) || kMistral.always_reasons(model);
}

}  // namespace

constinit const Provider kOpenRouter{.name = "openrouter",
                                     .base_url = "https://openrouter.ai/api/v1",
                                     .key_variable = "OPENROUTER_API_KEY",
                                     .prices_of = "openrouter",
                                     .reports_cost = true,
                                     .address = chat_address,
                                     .headers = bearer_headers,
                                     .body = openrouter_body,
                                     .read = read_chat_completion,
                                     .always_reasons = always_reasons_at_its_vendor};

}  // namespace autoreply

// Azure OpenAI. The model is the name of a deployment. Addresses without a version of the API speak
// v1; those with `api-version` name the deployment in their path.

#include <nlohmann/json.hpp>

#include "generate/providers/all_providers.h"
#include "generate/providers/chat_completions.h"
#include "generate/providers/openai_models.h"
#include "generate/providers/responses.h"
#include "net/url.h"

namespace autoreply {
namespace {

/// Addresses of deployments need a version. This is the latest that is not a preview.
constexpr std::string_view kApiVersion = "api-version=2024-10-21";

Result<std::string> azure_address(const std::string& base_url, std::string_view model) {
  const Result<Url> url = parse_url(base_url);
  if (!url) return fail(url.error());
  if (is_responses_address(base_url)) return base_url;
  const std::string_view path = url->path;
  const bool is_dated = url->query.find("api-version=") != std::string::npos;
  if (path.find("/deployments/") != std::string_view::npos) {
    auto address = append_path(base_url, "", "/chat/completions");
    if (!address || is_dated) return address;
    return *address + (url->query.empty() ? "?" : "&") + std::string(kApiVersion);
  }
  // Azure's catalogue of models has /models; v1 accepts a version, but needs none.
  if (path.ends_with("/models") || path.find("/v1") != std::string_view::npos) {
    return append_path(base_url, "", "/chat/completions");
  }
  if (!is_dated) return append_path(base_url, "/openai/v1", "/chat/completions");
  if (!model.empty() && !is_path_segment(model)) {
    return fail(ErrorKind::refused, "the model is not the name of a deployment");
  }
  return append_path(base_url, "/openai/deployments/" + std::string(model), "/chat/completions");
}

std::vector<std::pair<std::string, std::string>> azure_headers(const Secret& key) {
  if (key.empty()) return {};
  return {{"api-key", key.reveal()}};
}

std::string azure_body(const Conversation& conversation, const GenerationRequest& request) {
  if (is_responses_address(request.endpoint.base_url)) {
    return responses_request(conversation, request);
  }
  auto body = chat_request(conversation, request, kNewTokenField);
  // Deployments are often named after their model.
  const std::string_view effort = lowest_reasoning_effort(request.model);
  if (!effort.empty() && !request.refused.extras) body["reasoning_effort"] = effort;
  return dump_in_order(body);
}

}  // namespace

constinit const Provider kAzure{.name = "azure",
                                .key_variable = "AZURE_OPENAI_API_KEY",
                                .prices_of = "openai",
                                .address = azure_address,
                                .headers = azure_headers,
                                .body = azure_body,
                                .read = read_either_protocol,
                                .always_reasons = reasons_at_lowest_effort};

}  // namespace autoreply

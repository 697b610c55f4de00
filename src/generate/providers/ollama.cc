// Ollama, on the operator's own machine unless a base URL names another one. A base URL that ends
// with /api or /api/chat selects Ollama's own protocol.

#include <cmath>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "generate/providers/all_providers.h"
#include "generate/providers/answer_reader.h"
#include "generate/providers/chat_completions.h"
#include "generate/providers/openai_models.h"
#include "generate/providers/token_counts.h"
#include "net/url.h"

namespace autoreply {
namespace {

using simdjson::dom::element;

bool is_native_address(const std::string& base_url) {
  const Result<Url> url = parse_url(base_url);
  return url && (url->path.ends_with("/api") || url->path.ends_with("/api/chat"));
}

Result<std::string> ollama_address(const std::string& base_url, std::string_view /*model*/) {
  if (is_native_address(base_url)) return append_path(base_url, "/api", "/chat");
  return append_path(base_url, "/v1", "/chat/completions");
}

std::string ollama_body(const Conversation& conversation, const GenerationRequest& request) {
  auto body = chat_request(conversation, request, kOldTokenField);
  if (!is_native_address(request.endpoint.base_url)) {
    // Models that cannot reason accept this as well.
    const std::string_view effort = lowest_reasoning_effort(request.model);
    if (!request.refused.extras) body["reasoning_effort"] = effort.empty() ? "none" : effort;
    return dump_in_order(body);
  }
  body["options"]["num_predict"] = body.at(std::string(kOldTokenField));
  body.erase(std::string(kOldTokenField));
  if (body.contains("temperature")) {
    body["options"]["temperature"] = body.at("temperature");
    body.erase("temperature");
  }
  if (!request.refused.extras) body["think"] = false;
  return dump_in_order(body);
}

class OllamaReader final : public AnswerReader {
 private:
  bool read_document(element document) override {
    note_model(view_of(document, "model"));
    const auto message = object_of(document, "message");
    if (!message || !field_of(document, "done")) return false;
    answer.has_choice = true;
    answer.end_with(view_of(document, "done_reason"));
    if (const auto content = value_of(*message, "content")) answer.text += text_of_parts(*content);
    if (!elements_of(*message, "tool_calls").empty()) answer.calls_tools = true;
    TokenCounts counts(document);
    answer.usage = counts.checked(
        {.input = counts.first({"/prompt_eval_count"}), .output = counts.first({"/eval_count"})});
    return true;
  }
};

std::optional<ModelAnswer> read_ollama(std::string_view body) {
  auto answer = read_chat_completion(body);
  return answer ? answer : OllamaReader().read(body);
}

}  // namespace

constinit const Provider kOllama{.name = "ollama",
                                 .base_url = "http://localhost:11434/v1",
                                 .key_variable = "OLLAMA_API_KEY",
                                 .key_required = false,
                                 .prices_of = "ollama",
                                 .address = ollama_address,
                                 .headers = bearer_headers,
                                 .body = ollama_body,
                                 .read = read_ollama,
                                 .always_reasons = reasons_at_lowest_effort};

}  // namespace autoreply

#include "generate/providers/responses.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/json_fields.h"
#include "generate/providers/answer_reader.h"
#include "generate/providers/chat_completions.h"
#include "generate/providers/openai_models.h"
#include "generate/providers/token_counts.h"
#include "generate/turns_json.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Json = nlohmann::ordered_json;
using simdjson::dom::element;

/// The API refuses fewer.
constexpr int kOutputTokensMin = 16;

class ResponseReader final : public AnswerReader {
 private:
  bool read_document(element document) override {
    // The last event of a stream holds the whole response.
    const auto inner = object_of(document, "response");
    const element response = inner ? *inner : document;
    const auto output = field_of(response, "output");
    const bool is_response = view_of(response, "object") == "response" || (output && !inner);
    const std::string_view status = view_of(response, "status");
    if (!is_response || status == "in_progress" || status == "queued") return is_response;
    note_model(view_of(response, "model"));
    if (const auto error = value_of(response, "error")) note_error(*error, true);
    if (const auto details = object_of(response, "incomplete_details")) {
      answer.end_with(view_of(*details, "reason"));
    } else {
      answer.end_with(status);
    }
    if (const auto usage = value_of(response, "usage")) answer.usage = usage_of(*usage);
    for (const element item : elements_of(response, "output")) read_item(item);
    return true;
  }

  void read_item(element item) {
    answer.has_choice = true;
    const std::string_view type = view_of(item, "type");
    if (type.ends_with("_call")) answer.calls_tools = true;
    if (type != "message") return;
    if (const auto content = value_of(item, "content")) answer.text += text_of_parts(*content);
    for (const element part : elements_of(item, "content")) {
      if (view_of(part, "type") == "refusal") answer.refuses = true;
    }
  }

  static std::optional<TokenUsage> usage_of(element usage) {
    TokenCounts counts(usage);
    const TokenUsage read{
        .input = counts.first({"/input_tokens"}),
        .cached = counts.first({"/input_tokens_details/cached_tokens"}).value_or(0),
        .cache_write = counts.first({"/input_tokens_details/cache_write_tokens"}).value_or(0),
        .output = counts.first({"/output_tokens"}),
        .total = counts.first({"/total_tokens"})};
    return counts.checked(read);
  }
};

}  // namespace

bool is_responses_address(const std::string& base_url) {
  constexpr std::string_view kPath = "/responses";
  if (base_url.find(kPath) == std::string::npos) return false;
  const Result<Url> url = parse_url(base_url);
  return url && url->path.ends_with(kPath);
}

std::string responses_request(const Conversation& conversation, const GenerationRequest& request) {
  Json body;
  body["model"] = request.model;
  body["instructions"] = conversation.system_prompt;
  body["input"] = turns_json(conversation);
  body["max_output_tokens"] = std::max(request.token_budget, kOutputTokensMin);
  body["store"] = false;  // otherwise OpenAI keeps the customers' messages
  if (request.temperature && std::isfinite(*request.temperature) &&
      !rejects_temperature(request.model)) {
    body["temperature"] = *request.temperature;
  }
  const std::string_view effort = lowest_reasoning_effort(request.model);
  if (!effort.empty() && !request.refused.extras) body["reasoning"] = {{"effort", effort}};
  return dump_in_order(body);
}

std::optional<ModelAnswer> read_either_protocol(std::string_view body) {
  auto completion = read_chat_completion(body);
  return completion ? completion : ResponseReader().read(body);
}

}  // namespace autoreply

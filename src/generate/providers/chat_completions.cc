#include "generate/providers/chat_completions.h"

#include <cmath>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/text.h"
#include "generate/providers/answer_reader.h"
#include "generate/providers/openai_models.h"
#include "generate/providers/token_counts.h"
#include "generate/turns_json.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Json = nlohmann::ordered_json;
using simdjson::dom::element;

std::optional<TokenUsage> usage_of(element usage) {
  TokenCounts counts(usage);
  const TokenUsage read{
      .input = counts.first({"/prompt_tokens"}),
      .cached = counts
                    .first({"/prompt_cache_hit_tokens",
                            "/num_cached_tokens",
                            "/prompt_tokens_details/cached_tokens",
                            "/prompt_token_details/cached_tokens"})
                    .value_or(0),
      .cache_write = counts.first({"/prompt_tokens_details/cache_write_tokens"}).value_or(0),
      .output = counts.first({"/completion_tokens"}),
      .total = counts.first({"/total_tokens"})};
  return counts.checked(read);
}

class ChatReader final : public AnswerReader {
 private:
  bool read_document(element document) override {
    if (field_of(document, "output")) return false;  // OpenAI's Responses
    note_model(view_of(document, "model"));
    const auto usage = value_of(document, "usage");
    if (usage && usage->is_object()) {
      answer.usage = usage_of(*usage);
      if (const auto cost = optional_double(*usage, "cost")) answer.cost_dollars = *cost;
    }
    return read_choices(document) || usage;
  }

  /// Returns false if the choices are missing or malformed. Null and an empty list are accepted.
  bool read_choices(element document) {
    const auto choices = field_of(document, "choices");
    if (!choices) return false;
    if (!choices->is_array()) return choices->is_null();
    const auto list = elements_of(*choices);
    if (!list.empty() && list.front().is_object()) read_choice(list.front());
    return true;
  }

  void read_choice(element choice) {
    answer.has_choice = true;
    answer.end_with(view_of(choice, "finish_reason"));
    if (const auto error = value_of(choice, "error")) note_error(*error, true);
    if (const auto text = value_of(choice, "text")) answer.text += text_of_parts(*text);
    for (const std::string_view place : {"message", "delta"}) {
      const auto message = object_of(choice, place);
      if (!message) continue;
      if (const auto content = value_of(*message, "content")) {
        answer.text += text_of_parts(*content);
      }
      if (!view_of(*message, "refusal").empty()) answer.refuses = true;
      if (!elements_of(*message, "tool_calls").empty()) answer.calls_tools = true;
      if (value_of(*message, "function_call")) answer.calls_tools = true;
    }
  }
};

}  // namespace

Result<std::string> chat_address(const std::string& base_url, std::string_view /*model*/) {
  return append_path(base_url, "", "/chat/completions");
}

std::vector<std::pair<std::string, std::string>> bearer_headers(const Secret& key) {
  if (key.empty()) return {};
  return {{"Authorization", "Bearer " + key.reveal()}};
}

Json chat_request(const Conversation& conversation,
                  const GenerationRequest& request,
                  std::string_view token_field) {
  Json messages = turns_json(conversation);
  if (!trimmed(conversation.system_prompt).empty()) {
    const Json system = {{"role", "system"}, {"content", conversation.system_prompt}};
    messages.insert(messages.begin(), system);
  }
  if (request.refused.token_field) {
    token_field = token_field == kNewTokenField ? kOldTokenField : kNewTokenField;
  }
  Json body;
  body["model"] = request.model;
  body["messages"] = std::move(messages);
  body["stream"] = false;  // some servers stream unless they are told not to
  body[std::string(token_field)] = request.token_budget;
  if (request.temperature && std::isfinite(*request.temperature) &&
      !rejects_temperature(request.model)) {
    body["temperature"] = *request.temperature;
  }
  return body;
}

std::optional<ModelAnswer> read_chat_completion(std::string_view body) {
  return ChatReader().read(body);
}

}  // namespace autoreply

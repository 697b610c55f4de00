// Anthropic's Messages. The system prompt stands apart, the token limit is required, and newer
// models think unless they are told not to.

#include <algorithm>
#include <cmath>
#include <regex>

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include "base/pattern.h"
#include "base/text.h"
#include "generate/providers/all_providers.h"
#include "generate/providers/answer_reader.h"
#include "generate/providers/model_name.h"
#include "generate/providers/token_counts.h"
#include "generate/turns_json.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Json = nlohmann::ordered_json;
using simdjson::dom::element;

/// The version whose sampling parameters work with all models that have any.
constexpr const char* kVersion = "2023-06-01";

/// Models up to 4.6 take a temperature; later ones reject it.
bool takes_temperature(std::string_view model) {
  static const std::regex pattern = compiled(
      R"(claude-((2|3|instant)([-.].*)?|(haiku|sonnet|opus)-4(-[0-6])?([-@](\d{8}|latest))?))");
  return is_model(model, pattern);
}

/// Models that think unless they are told not to, and accept being told.
bool can_do_without_thinking(std::string_view model) {
  static const std::regex pattern =
      compiled(R"(claude-(haiku-5|opus-5|sonnet-5|haiku-5-5)([-@](\d{8}|latest))?)");
  return is_model(model, pattern);
}

/// Models of which thinking is a part.
bool always_thinks(std::string_view model) {
  static const std::regex pattern = compiled(R"(claude-(opus-5-5|sonnet-5-5|fable)([-@].*)?)");
  return is_model(model, pattern);
}

Result<std::string> anthropic_address(const std::string& base_url, std::string_view /*model*/) {
  return append_path(base_url, "/v1", "/messages");
}

std::vector<std::pair<std::string, std::string>> anthropic_headers(const Secret& key) {
  std::vector<std::pair<std::string, std::string>> headers{{"anthropic-version", kVersion}};
  if (!key.empty()) headers.emplace_back("x-api-key", key.reveal());
  return headers;
}

std::string anthropic_body(const Conversation& conversation, const GenerationRequest& request) {
  Json body;
  body["model"] = request.model;
  body["max_tokens"] = request.token_budget;
  // An empty text is refused.
  if (!trimmed(conversation.system_prompt).empty()) body["system"] = conversation.system_prompt;
  body["messages"] = turns_json(conversation);
  if (request.temperature && std::isfinite(*request.temperature) &&
      takes_temperature(request.model)) {
    body["temperature"] = std::clamp(*request.temperature, 0.0, 1.0);
  }
  if (request.refused.extras) return dump_in_order(body);
  if (can_do_without_thinking(request.model)) body["thinking"] = {{"type", "disabled"}};
  if (always_thinks(request.model)) body["output_config"] = {{"effort", "low"}};
  return dump_in_order(body);
}

class MessagesReader final : public AnswerReader {
 private:
  bool read_document(element document) override {
    const std::string_view type = view_of(document, "type");
    if (type == "message") return read_message(document);
    // The events of a stream.
    if (type == "message_start") {
      const auto message = object_of(document, "message");
      return message && read_message(*message);
    }
    if (type == "content_block_start") {
      if (const auto block = object_of(document, "content_block")) read_block(*block);
      return true;
    }
    if (type == "content_block_delta") {
      const auto delta = object_of(document, "delta");
      if (delta && view_of(*delta, "type") == "text_delta") {
        answer.text += to_valid_utf8(view_of(*delta, "text"));
      }
      return true;
    }
    if (type == "message_delta") {
      if (const auto delta = object_of(document, "delta")) {
        answer.end_with(view_of(*delta, "stop_reason"));
      }
      read_usage(document);
      return true;
    }
    return type == "message_stop" || type == "content_block_stop";
  }

  bool read_message(element message) {
    note_model(view_of(message, "model"));
    answer.has_choice = true;
    answer.end_with(view_of(message, "stop_reason"));
    for (const element block : elements_of(message, "content")) read_block(block);
    read_usage(message);
    return true;
  }

  void read_block(element block) {
    const std::string_view type = view_of(block, "type");
    if (type == "text") answer.text += to_valid_utf8(view_of(block, "text"));
    if (type.ends_with("tool_use")) answer.calls_tools = true;
  }

  /// Unlike other providers, Anthropic counts cached input apart from the other input.
  void read_usage(element holder) {
    const auto usage = object_of(holder, "usage");
    if (!usage) return;
    TokenCounts counts(*usage);
    TokenUsage read{
        .input = counts.sum(
            {"/input_tokens", "/cache_read_input_tokens", "/cache_creation_input_tokens"}),
        .cached = counts.first({"/cache_read_input_tokens"}).value_or(0),
        .cache_write = counts.first({"/cache_creation_input_tokens"}).value_or(0),
        .output = counts.first({"/output_tokens"})};
    // The last event of a stream may repeat only the output.
    if (!read.input && answer.usage) {
      read.input = answer.usage->input;
      read.cached = answer.usage->cached;
      read.cache_write = answer.usage->cache_write;
    }
    answer.usage = counts.checked(read);
  }
};

std::optional<ModelAnswer> read_anthropic(std::string_view body) {
  return MessagesReader().read(body);
}

}  // namespace

constinit const Provider kAnthropic{.name = "anthropic",
                                    .base_url = "https://api.anthropic.com/v1",
                                    .key_variable = "ANTHROPIC_API_KEY",
                                    .prices_of = "anthropic",
                                    .address = anthropic_address,
                                    .headers = anthropic_headers,
                                    .body = anthropic_body,
                                    .read = read_anthropic,
                                    .always_reasons = always_thinks};

}  // namespace autoreply

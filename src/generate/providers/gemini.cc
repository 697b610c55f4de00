// Google's Gemini. The model is part of the address, the assistant's turns are the `model`'s, and
// thoughts are parts of the answer.

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
#include "net/url.h"

namespace autoreply {
namespace {

using Json = nlohmann::ordered_json;
using simdjson::dom::element;

constexpr std::string_view kMethod = ":generateContent";
constexpr double kTemperatureMax = 2;

/// Gemini 3 and later have levels of thinking, and are meant to run at their default temperature.
bool has_levels(std::string_view model) {
  static const std::regex pattern =
      compiled(R"(gemini-([3-9]|\d\d)(\D.*)?|gemini-(flash|flash-lite|pro)-latest)");
  return is_model(model, pattern);
}

/// Returns the configuration with the least thinking that a model accepts. Null: none is needed.
Json thinking_of(std::string_view model) {
  static const std::regex minimal = compiled(R"(gemini-3-flash.*|gemini-3\.\d-flash-lite.*)");
  static const std::regex budget = compiled(R"(gemini-2\.5-flash.*)");
  static const std::regex pro = compiled(R"(gemini-2\.5-pro.*)");
  constexpr int kProBudgetMin = 128;
  if (is_model(model, minimal)) return {{"thinkingLevel", "MINIMAL"}};
  if (has_levels(model)) return {{"thinkingLevel", "LOW"}};
  if (is_model(model, budget)) return {{"thinkingBudget", 0}};
  if (is_model(model, pro)) return {{"thinkingBudget", kProBudgetMin}};
  return nullptr;
}

bool thinks_at_lowest_level(std::string_view model) {
  const Json thinking = thinking_of(model);
  return thinking.is_object() &&
         !(thinking.contains("thinkingBudget") && thinking.at("thinkingBudget") == 0);
}

/// Whether a path ends with a version of the API: "/v1beta".
bool names_version(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  return last.size() >= 2 && last[0] == 'v' && last[1] >= '0' && last[1] <= '9';
}

Result<std::string> gemini_address(const std::string& base_url, std::string_view model) {
  const Result<Url> url = parse_url(base_url);
  if (!url) return fail(url.error());
  if (url->path.ends_with(kMethod)) return base_url;
  const std::string_view name = bare_model_name(model);
  if (!model.empty() && !is_path_segment(name)) {
    return fail(ErrorKind::refused, "the model is not the name of a Gemini model");
  }
  const std::string collection = model.starts_with("tunedModels/") ? "/tunedModels" : "/models";
  return append_path(base_url,
                     names_version(url->path) ? collection : "/v1beta" + collection,
                     "/" + std::string(name) + std::string(kMethod));
}

std::vector<std::pair<std::string, std::string>> gemini_headers(const Secret& key) {
  if (key.empty()) return {};
  return {{"x-goog-api-key", key.reveal()}};
}

std::string gemini_body(const Conversation& conversation, const GenerationRequest& request) {
  const auto parts = [](const std::string& text) { return Json::array({{{"text", text}}}); };
  Json contents = Json::array();
  for (const Turn& turn : conversation.turns) {
    contents.push_back(
        {{"role", turn.role == Role::user ? "user" : "model"}, {"parts", parts(turn.text)}});
  }
  Json body;
  if (!trimmed(conversation.system_prompt).empty()) {
    body["systemInstruction"] = {{"parts", parts(conversation.system_prompt)}};
  }
  body["contents"] = std::move(contents);
  Json& config = body["generationConfig"];
  config["maxOutputTokens"] = request.token_budget;
  if (request.temperature && std::isfinite(*request.temperature) && !has_levels(request.model)) {
    config["temperature"] = std::clamp(*request.temperature, 0.0, kTemperatureMax);
  }
  if (!request.refused.extras) {
    if (Json thinking = thinking_of(request.model); !thinking.is_null()) {
      config["thinkingConfig"] = std::move(thinking);
    }
  }
  return dump_in_order(body);
}

class GeminiReader final : public AnswerReader {
 private:
  bool read_document(element document) override {
    const auto candidates = field_of(document, "candidates");
    const auto feedback = object_of(document, "promptFeedback");
    const auto usage = object_of(document, "usageMetadata");
    if (!candidates && !feedback && !usage) return false;
    note_model(view_of(document, "modelVersion"));
    if (usage) answer.usage = usage_of(*usage);
    const auto list = elements_of(document, "candidates");
    if (!list.empty()) {
      read_candidate(list.front());
    } else if (feedback && !view_of(*feedback, "blockReason").empty()) {
      answer.has_choice = true;
      answer.end_with(view_of(*feedback, "blockReason"));
      answer.finish = Finish::filtered;
    }
    return true;
  }

  void read_candidate(element candidate) {
    answer.has_choice = true;
    answer.end_with(view_of(candidate, "finishReason"));
    const auto content = object_of(candidate, "content");
    if (!content) return;
    for (const element part : elements_of(*content, "parts")) {
      if (value_of(part, "functionCall")) answer.calls_tools = true;
      if (flag_of(part, "thought")) continue;
      answer.text += to_valid_utf8(view_of(part, "text"));
    }
  }

  /// Unlike other providers, Gemini counts thoughts apart from the other output.
  static std::optional<TokenUsage> usage_of(element usage) {
    TokenCounts counts(usage);
    const TokenUsage read{
        .input = counts.sum({"/promptTokenCount", "/toolUsePromptTokenCount"}),
        .cached = counts.first({"/cachedContentTokenCount"}).value_or(0),
        // An answer without any output leaves both counts out.
        .output = counts.sum({"/candidatesTokenCount", "/thoughtsTokenCount"}).value_or(0),
        .total = counts.first({"/totalTokenCount"})};
    return counts.checked(read);
  }
};

std::optional<ModelAnswer> read_gemini(std::string_view body) {
  return GeminiReader().read(body);
}

}  // namespace

constinit const Provider kGemini{.name = "gemini",
                                 .base_url = "https://generativelanguage.googleapis.com/v1beta",
                                 .key_variable = "GEMINI_API_KEY",
                                 .prices_of = "gemini",
                                 .address = gemini_address,
                                 .headers = gemini_headers,
                                 .body = gemini_body,
                                 .read = read_gemini,
                                 .always_reasons = thinks_at_lowest_level};

}  // namespace autoreply

#include "generate/openai_provider.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/masking.h"
#include "base/sentence.h"
#include "base/text.h"
#include "base/version.h"
#include "generate/chat_completion.h"
#include "generate/classify.h"
#include "generate/model_family.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Verdict::Kind;
using Said = CallReport::Result;

constexpr int kTokensDefault = 600;
constexpr int kTokensMax = 8'192;
constexpr double kNanoPerDollar = 1e9;
constexpr double kCostDollarsMax = 10'000;

Json messages_of(const Conversation& conversation) {
  Json messages = Json::array();
  if (!trimmed(conversation.system_prompt).empty()) {
    messages.push_back({{"role", "system"}, {"content", conversation.system_prompt}});
  }
  for (const Turn& turn : conversation.turns) {
    messages.push_back(
        {{"role", turn.role == Role::user ? "user" : "assistant"}, {"content", turn.text}});
  }
  return messages;
}

HttpRequest http_request(const GenerationRequest& request, const ProviderProfile& profile) {
  HttpRequest http;
  http.timeout = request.timeout;
  http.address_policy = request.endpoint.policy;
  http.headers = {{"Content-Type", "application/json"},
                  {"Accept", "application/json"},
                  {"User-Agent", std::string(kUserAgent)}};
  if (!request.endpoint.key.empty()) {
    const bool bearer = profile.key_header == "Authorization";
    http.headers.emplace_back(profile.key_header,
                              (bearer ? "Bearer " : "") + request.endpoint.key.reveal());
  }
  return http;
}

/// What is left to send of an answer that was cut: its whole sentences, on the last attempt alone.
GenerationOutcome judge_cut(Generation generation, const GenerationRequest& request) {
  const int budget = token_budget(request);
  const std::string_view text = trimmed(generation.text);
  if (request.attempt < request.max_attempts) {
    return tl::unexpected(
        generate_verdict(Kind::retry,
                         Said::up,
                         fmt::format("answer {} at {} tokens: the next attempt gets more",
                                     text.empty() ? "empty, all spent on reasoning," : "cut",
                                     budget)));
  }
  const std::string_view whole = text.substr(0, last_sentence_end(text));
  if (whole.empty()) {
    return tl::unexpected(generate_verdict(
        Kind::reject,
        Said::up,
        fmt::format("no whole sentence within {} tokens: raise the workspace's max_tokens, ask for "
                    "shorter answers in the system prompt, or choose a model that reasons less",
                    budget)));
  }
  generation.text = whole;
  generation.truncated = true;
  return generation;
}

GenerationOutcome judge(const ChatCompletion& completion, const GenerationRequest& request) {
  Generation generation;
  generation.text = trimmed(completion.text);
  generation.model = completion.model.empty() ? request.model : completion.model;
  generation.usage = completion.usage;
  if (const double dollars = completion.cost_dollars.value_or(-1);
      dollars >= 0 && dollars <= kCostDollarsMax) {
    generation.cost_nanodollars = std::llround(dollars * kNanoPerDollar);
  }
  switch (completion.finish) {
    case Finish::length:
      return judge_cut(std::move(generation), request);
    case Finish::filtered:
      return tl::unexpected(
          generate_verdict(Kind::reject, Said::up, "content filter: answer withheld"));
    case Finish::refused:
      return tl::unexpected(
          generate_verdict(Kind::reject, Said::up, "refusal: the model will not answer"));
    case Finish::server_cut:
      return tl::unexpected(generate_verdict(
          Kind::retry, Said::down, "answer cut by the provider: " + completion.finish_word));
    case Finish::tool_call:
      if (generation.text.empty()) {
        return tl::unexpected(generate_verdict(Kind::reject, Said::up, "tool call without text"));
      }
      break;
    case Finish::complete:
    case Finish::other:
      break;
  }
  if (!generation.text.empty()) return generation;
  return tl::unexpected(
      generate_verdict(request.attempt < request.max_attempts ? Kind::retry : Kind::reject,
                       Said::up,
                       "empty answer"));
}

}  // namespace

int token_budget(const GenerationRequest& request) {
  const int first = std::max(1, request.max_tokens.value_or(kTokensDefault));
  const int most = std::max(first, kTokensMax);
  int budget = first;
  for (int attempt = 1; attempt < request.attempt && budget < most; ++attempt) {
    budget = budget > most / 2 ? most : budget * 2;
  }
  return budget;
}

std::string chat_request_body(const Conversation& conversation,
                              const GenerationRequest& request,
                              const ProviderProfile& profile) {
  Json body;
  body["model"] = request.model;
  body["messages"] = messages_of(conversation);
  body[std::string(profile.token_field)] = token_budget(request);
  // Only OpenAI's own names tell which family a model is of.
  const bool reasons = is_reasoning_model(request.model);
  if (request.temperature && std::isfinite(*request.temperature) && !reasons) {
    body["temperature"] = *request.temperature;
  }
  if (profile.name == "openai" && request.endpoint.built_in) {
    body["store"] = false;  // customers' messages are not kept for later viewing
    if (const auto effort = lowest_reasoning_effort(request.model); !effort.empty()) {
      body["reasoning_effort"] = effort;
    }
  }
  if (!profile.no_thinking.empty()) body.update(Json::parse(profile.no_thinking));
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

GenerationOutcome OpenAiProvider::generate(const Conversation& conversation,
                                           const GenerationRequest& request,
                                           HttpClient& http,
                                           const std::stop_token& stop) const {
  const CallFacts facts{
      std::string(profile_.name), request.model, std::chrono::system_clock::now()};
  const Result<std::string> url = append_path(request.endpoint.base_url, "/chat/completions");
  if (!url) {
    return tl::unexpected(
        generate_verdict(Kind::reject, Said::nothing, "base_url is " + url.error().message));
  }
  const std::string body = chat_request_body(conversation, request, profile_);
  HttpRequest call = http_request(request, profile_);
  call.url = *url;
  call.body = body;

  HttpResult response = http.post(call, stop);
  if (!response) return tl::unexpected(classify_failure(response.error(), facts));
  // Whatever of the answer is logged, stored or sent holds no key.
  response->body = without(std::move(response->body), request.endpoint.key);
  if (response->status < 200 || response->status > 299) {
    return tl::unexpected(classify_error(*response, facts));
  }
  const auto completion = parse_chat_completion(response->body);
  if (completion && completion->has_error) return tl::unexpected(classify_error(*response, facts));
  if (!completion || !completion->has_choice) {
    return tl::unexpected(generate_verdict(
        Kind::retry,
        Said::down,
        fmt::format("{} answered HTTP {} with {} bytes that are no chat completion",
                    facts.provider,
                    response->status,
                    response->body.size())));
  }
  return judge(*completion, request);
}

}  // namespace autoreply

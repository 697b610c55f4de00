#include "generate/providers/openai_provider.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/masking.h"
#include "base/sentence.h"
#include "base/text.h"
#include "base/version.h"
#include "generate/errors/classify.h"
#include "generate/model_text/model_output.h"
#include "generate/providers/chat_completion.h"
#include "generate/providers/model_family.h"
#include "job/rejection_words.h"
#include "net/url.h"

namespace autoreply {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kTokensDefault = 600;
constexpr int kBudgetTokensMax = 8'192;
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

Consumption consumed_by(const ChatCompletion& completion, const GenerationRequest& request) {
  Consumption consumed;
  consumed.model = completion.model.empty() ? request.model : completion.model;
  consumed.usage = completion.usage;
  if (const double dollars = completion.cost_dollars.value_or(-1);
      dollars >= 0 && dollars <= kCostDollarsMax) {
    consumed.cost_nanodollars = std::llround(dollars * kNanoPerDollar);
  }
  return consumed;
}

/// Returns what can be sent of an answer that was cut: its whole sentences on the last attempt,
/// nothing before that.
tl::expected<Generation, Answer> judge_cut(std::string text, const GenerationRequest& request) {
  const int budget = token_budget(request);
  if (request.attempt < request.max_attempts) {
    return tl::unexpected(answered(
        Finding::cut, fmt::format("answer cut at {} tokens: the next attempt gets more", budget)));
  }
  text.resize(last_sentence_end(text));
  if (trimmed(text).empty()) {
    return tl::unexpected(answered(
        Finding::cut,
        fmt::format("no whole sentence within {} tokens: raise the workspace's max_tokens, ask for "
                    "shorter answers in the system prompt, or choose a model that reasons less",
                    budget)));
  }
  return Generation{.text = std::move(text), .consumed = {}, .truncated = true};
}

Answer empty_answer(const ChatCompletion& completion, const GenerationRequest& request) {
  const bool spent = completion.finish == Finish::length;
  Answer answer =
      answered(Finding::empty,
               spent ? fmt::format("answer empty: all {} tokens were spent on reasoning; raise the "
                                   "workspace's max_tokens, or choose a model that reasons less",
                                   token_budget(request))
                     : std::string("answer empty: ") +
                           (completion.has_choice ? "no text in it" : "no choice in it"));
  answer.words = rejection_words(0, "", answer.reason);
  return answer;
}

Answer faulty_answer(const std::string& reason) {
  Answer answer = answered(Finding::faulty, reason);
  answer.words = rejection_words(0, "", answer.reason);
  return answer;
}

tl::expected<Generation, Answer> judge(const ChatCompletion& completion,
                                       const GenerationRequest& request) {
  ModelOutput output = spoken_part(completion.text);
  if (completion.finish == Finish::filtered) {
    return tl::unexpected(
        answered(Finding::content_refused, "content filter: answer withheld by the provider"));
  }
  if (completion.finish == Finish::server_cut) {
    return tl::unexpected(
        answered(Finding::down, "answer cut by the provider: " + completion.finish_word));
  }
  if (output.text.empty()) {
    if (completion.refuses || completion.finish == Finish::refused) {
      return tl::unexpected(
          answered(Finding::content_refused, "refusal: the model will not answer"));
    }
    const bool calls =
        completion.calls_tools || output.calls_tools || completion.finish == Finish::tool_call;
    if (calls && completion.finish != Finish::length) {
      return tl::unexpected(faulty_answer("tool call without text"));
    }
    return tl::unexpected(empty_answer(completion, request));
  }
  if (completion.finish == Finish::refused) {
    return tl::unexpected(answered(Finding::content_refused, "refusal: the model will not answer"));
  }
  if (completion.finish == Finish::length) return judge_cut(std::move(output.text), request);
  return Generation{.text = std::move(output.text)};
}

}  // namespace

int token_budget(const GenerationRequest& request) {
  const int first = std::max(1, request.max_tokens.value_or(kTokensDefault));
  const int most = std::max(first, kBudgetTokensMax);
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
  body["stream"] = false;  // some servers stream unless they are told not to
  body[std::string(profile.token_field)] = token_budget(request);
  // Only the names of OpenAI's own models reveal the family.
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

GenerationOutcome ask_chat_completions(const ProviderProfile& profile,
                                       const Conversation& conversation,
                                       const GenerationRequest& request,
                                       HttpSender& http,
                                       const std::stop_token& stop) {
  const auto no_reply = [](Answer answer, Consumption consumed = {}) {
    return tl::unexpected(NoReply{std::move(answer), std::move(consumed)});
  };
  const CallFacts facts{std::string(profile.name), request.model, std::chrono::system_clock::now()};
  const Result<std::string> url = append_path(request.endpoint.base_url, profile.path);
  if (!url) {
    return no_reply(answered(Finding::wrong_settings, "base_url is " + url.error().message));
  }
  const std::string body = chat_request_body(conversation, request, profile);
  HttpRequest call = http_request(request, profile);
  call.url = *url;
  call.body = body;

  HttpResult response = http.post(call, stop);
  if (!response && response.error().status >= 300) {
    // An incomplete error answer is judged by its status.
    HttpFailure& cut = response.error();
    return no_reply(classify_error({.status = cut.status,
                                    .headers = std::move(cut.headers),
                                    .body = without(std::move(cut.body), request.endpoint.key)},
                                   facts));
  }
  if (!response) return no_reply(classify_failure(response.error(), facts));
  // The answer may be logged, stored or sent, so it must not contain the key.
  response->body = without(std::move(response->body), request.endpoint.key);
  if (response->status < 200 || response->status > 299) {
    return no_reply(classify_error(*response, facts));
  }
  const auto completion = parse_chat_completion(response->body);
  if (!completion) {
    Answer told = classify_error(*response, facts);
    if (told.finding != Finding::faulty) return no_reply(std::move(told));
    return no_reply(
        answered(Finding::down,
                 fmt::format("{} answered HTTP {} with {} bytes that are no chat completion",
                             facts.provider,
                             response->status,
                             response->body.size())));
  }
  Consumption consumed = consumed_by(*completion, request);
  if (completion->has_error) return no_reply(classify_error(*response, facts), std::move(consumed));
  if (!completion->has_choice) {
    // Some providers report an error only in fields of their own.
    Answer told = classify_error(*response, facts);
    if (told.finding != Finding::faulty) return no_reply(std::move(told), std::move(consumed));
  }
  auto judged = judge(*completion, request);
  if (!judged) return no_reply(std::move(judged.error()), std::move(consumed));
  judged->consumed = std::move(consumed);
  return std::move(*judged);
}

}  // namespace autoreply

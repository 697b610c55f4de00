#include "generate/provider_call.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/masking.h"
#include "base/text.h"
#include "base/version.h"
#include "generate/classify_answer.h"
#include "generate/errors/classify.h"
#include "generate/errors/refused_field.h"
#include "generate/token_budget.h"

namespace autoreply {
namespace {

/// More of a reply cannot become an SMS.
constexpr std::size_t kTextBytesMax = 64UL << 10U;

constexpr double kNanoPerDollar = 1e9;
constexpr double kCostDollarsMax = 10'000;

tl::unexpected<NoReply> no_reply(Answer answer, Consumption consumed = {}) {
  return tl::unexpected(NoReply{std::move(answer), std::move(consumed)});
}

HttpRequest http_request(const Provider& provider,
                         const GenerationRequest& request,
                         const std::string& url,
                         std::string_view body) {
  HttpRequest http;
  http.url = url;
  http.body = body;
  http.timeout = request.timeout;
  http.address_policy = request.endpoint.policy;
  http.headers = {{"Content-Type", "application/json"},
                  {"Accept", "application/json"},
                  {"User-Agent", std::string(kUserAgent)}};
  for (auto& header : provider.headers(request.endpoint.key)) {
    http.headers.push_back(std::move(header));
  }
  return http;
}

Consumption consumed_by(const ModelAnswer& answer, const GenerationRequest& request) {
  Consumption consumed;
  consumed.model = answer.model.empty() ? request.model : answer.model;
  consumed.usage = answer.usage;
  if (const double dollars = answer.cost_dollars.value_or(-1);
      dollars >= 0 && dollars <= kCostDollarsMax) {
    consumed.cost_nanodollars = std::llround(dollars * kNanoPerDollar);
  }
  return consumed;
}

/// Returns the JSON to send, and sets the budget that it names.
std::string body_of(const Provider& provider,
                    const Conversation& conversation,
                    GenerationRequest& request) {
  // A model that refuses to do without reasoning needs the room for it.
  const bool reasons = request.refused.extras || (provider.always_reasons != nullptr &&
                                                  provider.always_reasons(request.model));
  request.token_budget = token_budget(request.max_tokens, reasons, request.cut_answers);
  return provider.body(conversation, request);
}

/// Reads an answer with a 2xx status.
GenerationOutcome outcome_of(const Provider& provider,
                             const HttpResponse& response,
                             const GenerationRequest& request,
                             const CallFacts& facts) {
  const auto answer = provider.read(response.body);
  if (!answer) {
    Answer told = classify_error(response, facts);
    if (told.finding != Finding::faulty) return no_reply(std::move(told));
    return no_reply(answered(Finding::down,
                             fmt::format("{} answered HTTP {} with {} bytes that are no answer in "
                                         "its format",
                                         facts.provider,
                                         response.status,
                                         response.body.size())));
  }
  Consumption consumed = consumed_by(*answer, request);
  if (answer->has_error) return no_reply(classify_error(response, facts), std::move(consumed));
  if (!answer->has_choice) {
    // Some providers report an error only in fields of their own.
    Answer told = classify_error(response, facts);
    if (told.finding != Finding::faulty) return no_reply(std::move(told), std::move(consumed));
  }
  auto classified = classify_answer(*answer, request);
  if (!classified) return no_reply(std::move(classified.error()), std::move(consumed));
  classified->consumed = std::move(consumed);
  if (classified->text.size() > kTextBytesMax) {
    classified->text = utf8_prefix(classified->text, kTextBytesMax);
  }
  return std::move(*classified);
}

/// Returns what reads an answer with a 2xx status. The answer may be logged, stored or sent, so it
/// must not contain the key. All arguments must outlive the result.
std::function<GenerationOutcome()> reading_of(const Provider& provider,
                                              HttpResponse& response,
                                              const GenerationRequest& request,
                                              const CallFacts& facts) {
  return [&] {
    response.body = without(std::move(response.body), request.endpoint.key);
    return outcome_of(provider, response, request, facts);
  };
}

}  // namespace

Task<GenerationOutcome> call_provider(const Provider& provider,
                                      const Conversation& conversation,
                                      GenerationRequest& request,
                                      HttpSender& http,
                                      SideThread& reader,
                                      const std::stop_token& stop) {
  const CallFacts facts{
      std::string(provider.name), request.model, std::chrono::system_clock::now()};
  const auto address = provider.address(request.endpoint.base_url, request.model);
  if (!address) co_return no_reply(answered(Finding::wrong_settings, address.error().message));

  for (Refused refused = request.refused;;) {
    const Refused before = std::exchange(request.refused, refused);
    const std::string body = body_of(provider, conversation, request);
    HttpRequest call = http_request(provider, request, *address, body);
    HttpResult response = co_await http.post(call, stop);
    forget_header_values(call);
    if (!response && response.error().status >= 300) {
      // An incomplete error answer is judged by its status.
      HttpFailure& cut = response.error();
      response = HttpResponse{
          .status = cut.status, .headers = std::move(cut.headers), .body = std::move(cut.body)};
    }
    if (!response) co_return no_reply(classify_failure(response.error(), facts));
    if (response->status >= 200 && response->status <= 299) {
      std::function<GenerationOutcome()> read = reading_of(provider, *response, request, facts);
      co_return co_await reader.read(response->body.size(), std::move(read));
    }
    response->body.resize(std::min(response->body.size(), HttpFailure::kBodyBytesMax));
    response->body = without(std::move(response->body), request.endpoint.key);
    Answer answer = classify_error(*response, facts);
    const bool is_rejected =
        answer.finding == Finding::setting_refused || answer.finding == Finding::faulty;
    if (is_rejected && refused == before) {
      const Refused now = refused_by(*response);
      refused.extras = refused.extras || now.extras;
      refused.token_field = refused.token_field || now.token_field;
      GenerationRequest other = request;
      other.refused = refused;
      if (provider.body(conversation, other) != body) continue;
    }
    // What did not help is not remembered.
    request.refused = before;
    co_return no_reply(std::move(answer));
  }
}

}  // namespace autoreply

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "generate/errors/error_lengths.h"
#include "generate/errors/error_signs.h"
#include "generate/errors/error_words.h"

namespace autoreply {
namespace {

struct TextSign {
  Sign sign;
  std::string_view phrase;  ///< in lower case
  bool unless_wait = false;
};

constexpr auto kPhrases = std::to_array<TextSign>({
    {Sign::credit, "credit balance is too low"},
    {Sign::credit, "insufficient balance"},
    {Sign::credit, "insufficient credit"},
    {Sign::credit, "insufficient fund"},
    {Sign::credit, "insufficient_quota"},
    {Sign::credit, "not enough credit"},
    {Sign::credit, "out of credit"},
    {Sign::credit, "run out of credit"},
    {Sign::credit, "no credits left"},
    {Sign::credit, "used all available credits"},
    {Sign::credit, "\u4F59\u989D\u4E0D\u8DB3"},  // insufficient balance
    {Sign::credit, "\u989D\u5EA6\u4E0D\u8DB3"},  // insufficient quota
    {Sign::credit, "\u6B20\u8D39"},              // in arrears
    {Sign::credit, "requires more credits"},
    {Sign::credit, "purchase more credits"},
    {Sign::credit, "billing hard limit"},
    {Sign::credit, "billing is not active"},
    {Sign::credit, "check your billing details"},
    {Sign::credit, "enable billing"},
    {Sign::credit, "budget has been exceeded"},
    {Sign::credit, "exceededbudget"},
    {Sign::credit, "budget_exceeded"},
    {Sign::credit, "exceeded your budget"},
    {Sign::credit, "over budget"},
    {Sign::credit, "spend limit"},
    {Sign::credit, "spending limit"},
    {Sign::credit, "spending cap"},
    {Sign::credit, "api usage limits"},
    {Sign::credit, "payment required"},
    {Sign::credit, "exceeded your current quota", true},
    {Sign::credit, "check your plan and billing", true},
    {Sign::credit, "monthly quota", true},
    {Sign::credit, "monthly included credits"},
    {Sign::credit, "prepayment credits are depleted"},
    {Sign::key, "incorrect api key"},
    {Sign::key, "invalid api key"},
    {Sign::key, "invalid api-key"},
    {Sign::key, "invalid_api_key"},
    {Sign::key, "api key not valid"},
    {Sign::key, "api key is not valid"},
    {Sign::key, "api key is invalid"},
    {Sign::key, "api key not found"},
    {Sign::key, "api key expired"},
    {Sign::key, "api key has expired"},
    {Sign::key, "api key is disabled"},
    {Sign::key, "api key was disabled"},
    {Sign::key, "api key has been disabled"},
    {Sign::key, "no api key provided"},
    {Sign::key, "didn't provide an api key"},
    {Sign::key, "missing api key"},
    {Sign::key, "invalid x-api-key"},
    {Sign::key, "no auth credentials"},
    {Sign::key, "authentication fails"},
    {Sign::key, "authentication failed"},
    {Sign::key, "authentication error"},
    {Sign::key, "not authenticated"},
    {Sign::key, "\u8EAB\u4EFD\u9A8C\u8BC1\u5931\u8D25"},  // authentication failed
    {Sign::key, "account is not active"},
    {Sign::key, "account has been deactivated"},
    {Sign::key, "account has been disabled"},
    {Sign::key, "account has been suspended"},
    {Sign::key, "account is suspended"},
    {Sign::key, "account is disabled"},
    {Sign::key, "is suspended, possibly due to"},
    {Sign::key, "organization has been disabled"},
    {Sign::key, "organization has been restricted"},
    {Sign::key, "country, region, or territory not supported"},
    {Sign::key, "location is not supported"},
    {Sign::key, "not available in your country"},
    {Sign::key, "not available in your region"},
    {Sign::key, "ip is not allowed"},
    {Sign::key, "ip address is not"},
    {Sign::key, "ip not allowed"},
    {Sign::key, "ip not authorized"},
    {Sign::content, "content management policy"},
    {Sign::content, "content policy"},
    {Sign::content, "content exists risk"},
    {Sign::content, "content filter"},
    {Sign::content, "inappropriate content"},
    {Sign::content, "input was flagged"},
    {Sign::content, "flagged by"},
    {Sign::content, "flagged as"},
    {Sign::content, "flagged for"},
    {Sign::content, "our usage polic"},
    {Sign::content, "safety system"},
    {Sign::content, "contentpolicyviolation"},
    {Sign::content, "blocked by guardrail"},
    {Sign::content, "guardrail policy"},
    {Sign::content, "usage guidelines"},
    {Sign::content, "safety filter"},
    {Sign::content, "safety check type"},
    {Sign::content, "sensitive words"},
    {Sign::content, "responsible ai"},
    {Sign::content, "\u654F\u611F\u5185\u5BB9"},  // sensitive content
    {Sign::too_long, "maximum context length"},
    {Sign::too_long, "context_length_exceeded"},
    {Sign::too_long, "context length exceeded"},
    {Sign::too_long, "exceeds the context"},
    {Sign::too_long, "exceeds the available context"},
    {Sign::too_long, "exceed context limit"},
    {Sign::too_long, "context window"},
    {Sign::too_long, "contextwindowexceeded"},
    {Sign::too_long, "context size has been exceeded"},
    {Sign::too_long, "prompt is too long"},
    {Sign::too_long, "prompt too long"},
    {Sign::too_long, "input is too long"},
    {Sign::too_long, "input too long"},
    {Sign::too_long, "input token count"},
    {Sign::too_long, "reduce the length of"},
    {Sign::too_long, "range of input length"},
    {Sign::too_long, "request too large"},
    {Sign::too_long, "`inputs` tokens"},
    {Sign::too_long, "`inputs` must have less than"},
    {Sign::too_long, "too many tokens"},
    {Sign::too_long, "tokens in the prompt"},
    {Sign::too_long, "maximum prompt length"},
    {Sign::throttled, "rate limit exceeded"},
    {Sign::throttled, "rate limit reached"},
    {Sign::throttled, "too many requests"},
});

/// Phrases about a model that do not contain its name.
constexpr auto kModelPhrases = std::to_array<std::string_view>({"model not exist",
                                                                "model not found",
                                                                "model does not exist",
                                                                "invalid model",
                                                                "unknown model",
                                                                "unsupported model",
                                                                "no such model",
                                                                "not a valid model",
                                                                "access to model",
                                                                "access to the model",
                                                                "access to this model",
                                                                "allowed to access model",
                                                                "model has been decommissioned",
                                                                "model has been deprecated",
                                                                "model is not supported",
                                                                "model_not_found",
                                                                "no endpoints found",
                                                                "on-demand throughput isn",
                                                                "unexpected model name",
                                                                "\u6A21\u578B\u4E0D\u5B58\u5728",
                                                                "deployment for this resource"});

/// Whether a text with the model's name inside says that the model is missing: "The model `m` does
/// not exist", "model 'm' not found".
bool says_model_missing(std::string_view text) {
  constexpr std::size_t kNameBytesMax = 120;
  for (std::size_t at = text.find("model"); at != std::string_view::npos;
       at = text.find("model", at + 1)) {
    const std::string_view near = text.substr(at, kNameBytesMax);
    for (const std::string_view end : {" does not exist",
                                       "' not found",
                                       "\" not found",
                                       "` not found",
                                       " is not found",
                                       " was not found"}) {
      if (near.find(end) != std::string_view::npos) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Sign> sign_in_texts(const ErrorBody& error, bool names_wait) {
  std::optional<Sign> best;
  for (const std::string& original : error.texts) {
    const std::string text = lower_case(one_line(original));
    for (const TextSign& known : kPhrases) {
      if (names_wait && known.unless_wait) continue;
      if (text.find(known.phrase) != std::string_view::npos) keep_first(best, known.sign);
    }
    const bool model =
        std::any_of(kModelPhrases.begin(), kModelPhrases.end(), [&](std::string_view phrase) {
          return text.find(phrase) != std::string_view::npos;
        });
    if (model || says_model_missing(text)) keep_first(best, Sign::model);
  }
  return best == Sign::too_long ? sign_of_length(error) : best;
}

std::optional<Sign> sign_in_words(const ErrorBody& error) {
  for (const std::string& text : error.texts) {
    if (const auto sign = sign_in_words(text)) return sign;
  }
  return std::nullopt;
}

}  // namespace autoreply

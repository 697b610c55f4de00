#include "generate/error_signs.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "generate/error_words.h"

namespace autoreply {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct CodeSign {
  Sign sign;
  std::string_view part;  ///< of a code reduced to lower-case letters and digits
};

/// Parts of codes. A code is an identifier, and a vendor builds new ones from the same words.
/// Sources: the vendors' error references and SDKs, and public reports with captured bodies (state
/// of November 2026): OpenAI, Azure, Anthropic, Gemini, DeepSeek, Mistral, Groq, OpenRouter, xAI,
/// Moonshot, DashScope, Volcengine, LiteLLM, vLLM, llama.cpp, Ollama.
constexpr auto kCodes = std::to_array<CodeSign>({
    {Sign::credit, "insufficientquota"},
    {Sign::credit, "exceededcurrentquota"},
    {Sign::credit, "insufficientbalance"},
    {Sign::credit, "insufficientcredit"},
    {Sign::credit, "insufficientfund"},
    {Sign::credit, "insufficientuserquota"},
    {Sign::credit, "quotanotenough"},
    {Sign::credit, "tokenquotafailed"},
    {Sign::credit, "notenoughcredit"},
    {Sign::credit, "outofcredit"},
    {Sign::credit, "nocredit"},
    {Sign::credit, "creditbalance"},
    {Sign::credit, "creditsexhausted"},
    {Sign::credit, "creditlimit"},
    {Sign::credit, "spendlimit"},
    {Sign::credit, "spendinglimit"},
    {Sign::credit, "usagelimit"},
    {Sign::credit, "billing"},
    {Sign::credit, "budgetexceeded"},
    {Sign::credit, "exceededbudget"},
    {Sign::credit, "exceededtokenbudget"},
    {Sign::credit, "budgetlimit"},
    {Sign::credit, "paymentrequired"},
    {Sign::credit, "arrearage"},
    {Sign::credit, "accountoverdue"},
    {Sign::credit, "freetieronly"},
    {Sign::credit, "balanceinsufficient"},
    {Sign::credit, "blockedapiaccess"},
    {Sign::key, "invalidapikey"},
    {Sign::key, "apikeyinvalid"},
    {Sign::key, "incorrectapikey"},
    {Sign::key, "wrongapikey"},
    {Sign::key, "missingapikey"},
    {Sign::key, "apikeyexpired"},
    {Sign::key, "expiredapikey"},
    {Sign::key, "apikeydisabled"},
    {Sign::key, "apikeyserviceblocked"},
    {Sign::key, "apikeyipaddressblocked"},
    {Sign::key, "apikeyhttpreferrerblocked"},
    {Sign::key, "apikeynotfound"},
    {Sign::key, "invalidkey"},
    {Sign::key, "expiredkey"},
    {Sign::key, "keyexpired"},
    {Sign::key, "invalidtoken"},
    {Sign::key, "tokenexpired"},
    {Sign::key, "tokennotfoundindb"},
    {Sign::key, "accountdeactivated"},
    {Sign::key, "accountdisabled"},
    {Sign::key, "accountsuspended"},
    {Sign::key, "accountstateinvalid"},
    {Sign::key, "organizationdeactivated"},
    {Sign::key, "organizationdisabled"},
    {Sign::key, "organizationrestricted"},
    {Sign::key, "invalidorganization"},
    {Sign::key, "mismatchedorganization"},
    {Sign::key, "mismatchedproject"},
    {Sign::key, "projectarchived"},
    {Sign::key, "accessterminated"},
    {Sign::key, "consumersuspended"},
    {Sign::key, "consumerinvalid"},
    {Sign::key, "servicedisabled"},
    {Sign::key, "unsupportedcountry"},
    {Sign::key, "unsupportedregion"},
    {Sign::key, "ipnotallowed"},
    {Sign::key, "ipnotauthorized"},
    {Sign::key, "ipaddressnot"},
    {Sign::key, "failedprecondition"},
    {Sign::content, "contentfilter"},
    {Sign::content, "contentpolicy"},
    {Sign::content, "contentviolation"},
    {Sign::content, "contentblocked"},
    {Sign::content, "contentsensitive"},
    {Sign::content, "sensitivecontent"},
    {Sign::content, "responsibleaipolicy"},
    {Sign::content, "invalidprompt"},
    {Sign::content, "prohibitedcontent"},
    {Sign::content, "promptblocked"},
    {Sign::content, "moderation"},
    {Sign::content, "guardrail"},
    {Sign::content, "datainspectionfailed"},
    {Sign::content, "cyberpolicy"},
    {Sign::content, "safetycheck"},
    {Sign::too_long, "contextlength"},
    {Sign::too_long, "contextwindow"},
    {Sign::too_long, "contextsize"},
    {Sign::too_long, "requesttoolarge"},
    {Sign::too_long, "prompttoolong"},
    {Sign::too_long, "promptistoolong"},
    {Sign::too_long, "inputtoolong"},
    {Sign::too_long, "payloadtoolarge"},
    {Sign::too_long, "stringabovemaxlength"},
    {Sign::model, "modelnotfound"},
    {Sign::model, "modelnotexist"},
    {Sign::model, "modelnotsupported"},
    {Sign::model, "unsupportedmodel"},
    {Sign::model, "unknownmodel"},
    {Sign::model, "invalidmodel"},
    {Sign::model, "modeldecommissioned"},
    {Sign::model, "modelpermission"},
    {Sign::model, "modelaccessdenied"},
    {Sign::model, "modelterms"},
    {Sign::model, "modelnotopen"},
    {Sign::model, "modelnotavailable"},
    {Sign::model, "unavailablemodel"},
    {Sign::model, "modelunavailable"},
    {Sign::model, "deploymentnotfound"},
    {Sign::model, "operationnotsupported"},
    {Sign::model, "notfounderror"},
    {Sign::parameter, "unsupportedparameter"},
    {Sign::parameter, "unsupportedvalue"},
    {Sign::parameter, "unknownparameter"},
    {Sign::parameter, "invalidapiversion"},
    {Sign::throttled, "ratelimit"},
    {Sign::throttled, "toomanyrequests"},
    {Sign::throttled, "slowdown"},
    {Sign::throttled, "throttlingexception"},
});
constexpr auto kThrottledCodes = std::to_array<std::string_view>(
    {"resourceexhausted", "ramplimitexceeded", "requestlimitexceeded"});

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
    {Sign::credit, "\u4F59\u989D\u4E0D\u8DB3"},  // the balance does not suffice
    {Sign::credit, "\u989D\u5EA6\u4E0D\u8DB3"},  // the quota does not suffice
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

/// What is said about a model; the model's name may stand between "model" and the rest.
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

constexpr auto kForbidden = std::to_array<std::string_view>({"authentication",
                                                             "unauthenticated",
                                                             "unauthorized",
                                                             "permissiondenied",
                                                             "permissionerror",
                                                             "accessdenied",
                                                             "autherror"});
constexpr auto kDown = std::to_array<std::string_view>({"servererror",
                                                        "internal",
                                                        "apierror",
                                                        "overloaded",
                                                        "unavailable",
                                                        "timeout",
                                                        "badgateway",
                                                        "upstream",
                                                        "capacity",
                                                        "noavailable"});

/// Fields of the request that come from the workspace's settings, or from what we make of them.
constexpr auto kSettings = std::to_array<std::string_view>({"max_tokens",
                                                            "max_completion_tokens",
                                                            "max_output_tokens",
                                                            "maxoutputtokens",
                                                            "max_new_tokens",
                                                            "reasoning_effort",
                                                            "temperature",
                                                            "model",
                                                            "thinking",
                                                            "store"});

template <std::size_t N>
bool any_code_holds(const ErrorBody& error, const std::array<std::string_view, N>& parts) {
  return std::any_of(error.codes.begin(), error.codes.end(), [&](const std::string& code) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
      return code.find(part) != kNone;
    });
  });
}

void keep_first(std::optional<Sign>& best, Sign sign) {
  if (!best || sign < *best) best = sign;
}

/// The number that follows `lead` in a text, as in "Limit 6000" and "limit: 6,000"; else nothing.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view lead) {
  constexpr std::int64_t kNumberMax = 1'000'000'000'000;
  for (std::size_t at = text.find(lead); at != kNone; at = text.find(lead, at + 1)) {
    std::size_t next = at + lead.size();
    while (next < text.size() && std::string_view(" :=").find(text[next]) != kNone) ++next;
    std::optional<std::int64_t> number;
    for (; next < text.size() && number.value_or(0) < kNumberMax; ++next) {
      const bool digit = std::isdigit(static_cast<unsigned char>(text[next])) != 0;
      if (!digit && !(number && text[next] == ',')) break;
      if (digit) number = number.value_or(0) * 10 + (text[next] - '0');
    }
    if (number) return number;
  }
  return std::nullopt;
}

/// "Request too large for … tokens per min (TPM): Limit 6000, Requested 9000": no wait helps.
bool is_larger_than_limit(std::string_view text) {
  const auto limit = number_after(text, "limit");
  const auto requested = number_after(text, "requested");
  return text.find("request too large") != kNone || (limit && requested && *requested > *limit);
}

bool is_word_byte(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

/// Whether a text in lower case speaks of a field, not just of the thing that it is named after:
/// a name with an underscore is always one; others are in quotes, or followed by what is wrong.
bool names_field(std::string_view text, std::string_view field) {
  constexpr auto kFollows = std::to_array<std::string_view>(
      {":", " must", " is not", " does not", " should", " out of", " is too", " cannot", " value"});
  for (std::size_t at = text.find(field); at != kNone; at = text.find(field, at + 1)) {
    const std::string_view before = text.substr(0, at);
    const std::string_view after = text.substr(at + field.size());
    if ((!before.empty() && is_word_byte(before.back())) ||
        (!after.empty() && is_word_byte(after.front()))) {
      continue;
    }
    if (field.find('_') != kNone) return true;
    const bool quoted = !before.empty() && !after.empty() && before.back() == after.front() &&
                        std::string_view("'\"`").find(after.front()) != kNone;
    const bool parameter = before.ends_with("parameter ") || before.ends_with("parameter: ") ||
                           before.ends_with("argument: ") || before.ends_with("argument ");
    if (quoted || parameter ||
        std::any_of(kFollows.begin(), kFollows.end(), [&](std::string_view follow) {
          return after.starts_with(follow);
        })) {
      return true;
    }
  }
  return false;
}

/// "The model `m` does not exist", "model 'm' not found": the name comes between.
bool says_model_missing(std::string_view text) {
  constexpr std::size_t kNameBytesMax = 120;
  for (std::size_t at = text.find("model"); at != kNone; at = text.find("model", at + 1)) {
    const std::string_view near = text.substr(at, kNameBytesMax);
    for (const std::string_view end : {" does not exist",
                                       "' not found",
                                       "\" not found",
                                       "` not found",
                                       " is not found",
                                       " was not found"}) {
      if (near.find(end) != kNone) return true;
    }
  }
  return false;
}

/// Whether the room asked for the answer alone is as large as the model's whole context, as in
/// "maximum context length is 8192 tokens … (20 in the messages, 8192 in the completion)" and
/// "'max_tokens' is too large: 9000 …": then no conversation is short enough.
bool asks_for_whole_context(std::string_view text) {
  constexpr std::string_view kCompletion = " in the completion";
  const auto context = number_after(text, "context length is");
  auto asked = number_after(text, "is too large");
  if (const std::size_t at = text.find(kCompletion); !asked && at != kNone) {
    const std::string_view before = text.substr(0, at);
    asked = number_after(before.substr(before.find_last_of(" (", before.size()) + 1), "");
  }
  return context && asked && *asked >= *context;
}

Sign sign_of_length(const ErrorBody& error) {
  return std::any_of(
             error.texts.begin(),
             error.texts.end(),
             [](const std::string& text) { return asks_for_whole_context(lower_case(text)); })
             ? Sign::parameter
             : Sign::too_long;
}

}  // namespace

std::optional<Sign> sign_in_codes(const ErrorBody& error) {
  std::optional<Sign> best;
  if (error.quota_ids.find("PerDay") != std::string::npos) best = Sign::credit;
  if (error.moderated) keep_first(best, Sign::content);
  for (const std::string& text : error.texts) {
    if (is_larger_than_limit(lower_case(text))) keep_first(best, Sign::too_long);
  }
  for (const std::string& code : error.codes) {
    for (const CodeSign& known : kCodes) {
      if (code.find(known.part) != std::string::npos) keep_first(best, known.sign);
    }
  }
  if (any_code_holds(error, kThrottledCodes)) keep_first(best, Sign::throttled);
  return best == Sign::too_long ? sign_of_length(error) : best;
}

std::optional<Sign> sign_in_texts(const ErrorBody& error, bool names_wait) {
  std::optional<Sign> best;
  for (const std::string& original : error.texts) {
    const std::string text = lower_case(one_line(original));
    for (const TextSign& known : kPhrases) {
      if (names_wait && known.unless_wait) continue;
      if (text.find(known.phrase) != std::string::npos) keep_first(best, known.sign);
    }
    const bool model =
        std::any_of(kModelPhrases.begin(), kModelPhrases.end(), [&](std::string_view phrase) {
          return text.find(phrase) != std::string::npos;
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

std::string blamed_setting(const ErrorBody& error) {
  const std::string param = lower_case(error.param);
  if (std::find(kSettings.begin(), kSettings.end(), param) != kSettings.end()) return error.param;
  if (!param.empty()) return "";
  for (const std::string& original : error.texts) {
    const std::string text = lower_case(original);
    for (const std::string_view field : kSettings) {
      if (field != "model" && names_field(text, field)) return std::string(field);
    }
  }
  return "";
}

bool says_forbidden(const ErrorBody& error) {
  return any_code_holds(error, kForbidden) ||
         std::find(error.codes.begin(), error.codes.end(), "forbidden") != error.codes.end();
}

bool says_down(const ErrorBody& error) {
  return any_code_holds(error, kDown);
}

}  // namespace autoreply

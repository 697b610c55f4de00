#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "generate/errors/error_lengths.h"
#include "generate/errors/error_signs.h"

namespace autoreply {
namespace {

struct CodeSign {
  Sign sign;
  std::string_view part;  ///< of a code reduced to lower-case letters and digits
};

/// Parts of codes. A code is an identifier, and vendors build new ones from the same words.
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

template <std::size_t N>
bool any_code_holds(const ErrorBody& error, const std::array<std::string_view, N>& parts) {
  return std::any_of(error.codes.begin(), error.codes.end(), [&](const std::string& code) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
      return code.find(part) != std::string_view::npos;
    });
  });
}

}  // namespace

std::optional<Sign> sign_in_codes(const ErrorBody& error) {
  std::optional<Sign> best;
  if (error.quota_ids.find("PerDay") != std::string_view::npos) best = Sign::credit;
  if (error.moderated) keep_first(best, Sign::content);
  for (const std::string& text : error.texts) {
    if (is_larger_than_limit(lower_case(text))) keep_first(best, Sign::too_long);
  }
  for (const std::string& code : error.codes) {
    for (const CodeSign& known : kCodes) {
      if (code.find(known.part) != std::string_view::npos) keep_first(best, known.sign);
    }
  }
  if (any_code_holds(error, kThrottledCodes)) keep_first(best, Sign::throttled);
  return best == Sign::too_long ? sign_of_length(error) : best;
}

bool says_forbidden(const ErrorBody& error) {
  return any_code_holds(error, kForbidden) ||
         std::find(error.codes.begin(), error.codes.end(), "forbidden") != error.codes.end();
}

bool says_down(const ErrorBody& error) {
  return any_code_holds(error, kDown);
}

}  // namespace autoreply

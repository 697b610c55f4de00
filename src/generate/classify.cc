#include "generate/classify.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/masking.h"
#include "base/text.h"
#include "generate/error_body.h"
#include "generate/wait_hint.h"

namespace autoreply {
namespace {

using Kind = Verdict::Kind;
using Said = CallReport::Result;

constexpr std::size_t kReasonBytesMax = 300;

bool says_any(const ErrorBody& error, std::initializer_list<std::string_view> words) {
  return std::any_of(
      words.begin(), words.end(), [&](std::string_view word) { return error.says(word); });
}

bool is_out_of_credit(const ErrorBody& error) {
  return says_any(error,
                  {"insufficient_quota",
                   "credit_balance_exhausted",
                   "organization_spend_limit_exceeded",
                   "project_spend_limit_exceeded",
                   "organization_usage_limit_exceeded",
                   "billing_hard_limit_reached",
                   "enforced_spend_limit_reached",
                   "contract_spend_limit_reached",
                   "billing_error",
                   "insufficient_balance"}) ||
         error.quota_id.find("PerDay") != std::string::npos;
}

bool is_key_refused(const ErrorBody& error) {
  return says_any(error, {"invalid_api_key", "API_KEY_INVALID", "authentication_error"});
}

bool is_filtered(const ErrorBody& error) {
  return error.moderated || says_any(error,
                                     {"content_filter",
                                      "ResponsibleAIPolicyViolation",
                                      "content_policy_violation",
                                      "invalid_prompt"});
}

/// What to change, where the codes tell; ends with ": " so that the provider's text can follow.
std::string advice(int status, const ErrorBody& error, const CallFacts& facts) {
  if (says_any(error, {"unsupported_parameter", "unsupported_value", "unknown_parameter"})) {
    return fmt::format(
        "the model rejects '{}': change it in the workspace's configuration, or the "
        "model; ",
        error.param);
  }
  if (says_any(error,
               {"context_length_exceeded",
                "exceed_context_size_error",
                "request_too_large",
                "string_above_max_length"}) ||
      status == 413) {
    return "the conversation is too long for the model: shorten the system prompt or choose a "
           "model with more context; ";
  }
  if (error.says("model_not_found") || error.says("not_found_error") || status == 404) {
    return fmt::format(
        "unknown model '{}' or address: set the workspace's model to one that this "
        "key may use; ",
        facts.model);
  }
  if (!error.param.empty()) {
    return fmt::format("'{}' is not accepted: change it in the workspace's configuration; ",
                       error.param);
  }
  return "request not accepted; ";
}

/// The provider's own words.
std::string quoted(const ErrorBody& error) {
  const std::string& text = error.message;
  const std::string& code = error.code.empty() ? error.type : error.code;
  if (text.empty()) return code.empty() ? "" : ": " + code;
  return code.empty() ? ": " + text : fmt::format(": {} ({})", text, code);
}

bool is_down(int status) {
  constexpr std::array<int, 5> kPassing = {408, 409, 425, 498, 499};
  return status >= 500 || std::find(kPassing.begin(), kPassing.end(), status) != kPassing.end();
}

/// The status that an error object inside a 2xx stands for.
int status_in(const ErrorBody& error) {
  if (says_any(error, {"rate_limit_exceeded", "rate_limit_error"})) return 429;
  int status = 0;
  std::from_chars(error.code.data(), error.code.data() + error.code.size(), status);
  return status >= 300 && status <= 599 ? status : 502;
}

}  // namespace

Verdict generate_verdict(Kind kind,
                         Said said,
                         const std::string& reason,
                         std::optional<std::chrono::milliseconds> wait) {
  Verdict made = verdict(kind, "generate", shortened(masked(reason), kReasonBytesMax), wait);
  made.said = said;
  return made;
}

Verdict classify_failure(const HttpFailure& failure, const CallFacts& facts) {
  const std::string reason = fmt::format("no answer from {}: {}", facts.provider, failure.message);
  switch (failure.kind) {
    case HttpFailure::Kind::stopped:
      return generate_verdict(Kind::not_started, Said::nothing, "stopped");
    case HttpFailure::Kind::forbidden_address:
      return generate_verdict(Kind::reject,
                              Said::nothing,
                              "base_url leads to a forbidden address (" + failure.message +
                                  "): use a public one, or let the operator allow the host with "
                                  "--allow-host");
    case HttpFailure::Kind::invalid:
      return generate_verdict(
          Kind::reject,
          Said::nothing,
          "request cannot be made: " + failure.message + "; check base_url and api_key");
    default:
      return generate_verdict(Kind::retry, Said::down, reason);
  }
}

Verdict classify_error(const HttpResponse& response, const CallFacts& facts) {
  const ErrorBody error = parse_error_body(response.body);
  const bool hidden = response.status >= 200 && response.status < 300;
  const int status = hidden ? status_in(error) : response.status;
  auto wait = wait_hint(response.headers, error, facts.now);
  if (wait) wait = std::min(*wait, kProviderWaitMax);
  const std::string said = fmt::format("{} answered HTTP {}{}{}",
                                       facts.provider,
                                       response.status,
                                       hidden ? fmt::format(" with error {}", status) : "",
                                       quoted(error));

  if (is_filtered(error))
    return generate_verdict(Kind::reject, Said::up, "content filter: " + said);
  if (is_out_of_credit(error)) {
    // What such an answer says about waiting is about its rate limit, which is not the trouble.
    return generate_verdict(Kind::defer,
                            Said::refused,
                            "KEY REFUSED, no credit or quota left: " + said,
                            std::max(wait.value_or(kRefusedKeyWait), kRefusedKeyWait));
  }
  if (status == 402) {
    return generate_verdict(Kind::defer,
                            Said::refused,
                            "KEY REFUSED, no credit left: " + said,
                            wait.value_or(kRefusedKeyWait));
  }
  // Some say 403 for a model that the key may not use, which is the workspace's choice.
  const bool unknown_model = error.says("model_not_found");
  if (!unknown_model && (is_key_refused(error) || status == 401 || status == 403)) {
    return generate_verdict(
        Kind::defer, Said::refused, "KEY REFUSED, check the API key: " + said, kRefusedKeyWait);
  }
  if (status == 429) {
    return generate_verdict(
        Kind::defer, Said::throttled, "throttled: " + said, wait.value_or(kThrottleWait));
  }
  if (is_down(status)) return generate_verdict(Kind::retry, Said::down, said, wait);
  if (status < 400) {
    return generate_verdict(Kind::reject,
                            Said::up,
                            "redirects are not followed: make base_url the final address; " + said);
  }
  return generate_verdict(Kind::reject, Said::up, advice(status, error, facts) + said);
}

}  // namespace autoreply

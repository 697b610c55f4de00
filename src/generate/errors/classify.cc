#include "generate/errors/classify.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/masking.h"
#include "base/text.h"
#include "generate/errors/error_body.h"
#include "generate/errors/error_signs.h"
#include "generate/errors/wait_hint.h"
#include "job/rejection_words.h"

namespace autoreply {
namespace {

constexpr std::size_t kReasonBytesMax = 300;
/// Only this much is masked: the rest would be cut off anyway.
constexpr std::size_t kMaskedBytesMax = 2'000;

/// The provider's own words.
std::string quoted(const ErrorBody& error) {
  const std::string text = error.message();
  if (text.empty()) return error.code.empty() ? "" : ": " + error.code;
  return error.code.empty() ? ": " + text : fmt::format(": {} ({})", text, error.code);
}

bool is_any(int status, std::initializer_list<int> statuses) {
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

bool is_down(int status) {
  return status >= 500 || is_any(status, {408, 409, 425, 498, 499});
}

/// Returns the status that an error inside a 2xx answer stands for; otherwise that of the answer.
int status_of(const HttpResponse& response, const ErrorBody& error) {
  if (response.status < 200 || response.status > 299) return response.status;
  for (const std::string& code : error.codes) {
    int status = 0;
    const auto [end, trouble] = std::from_chars(code.data(), code.data() + code.size(), status);
    const bool whole = trouble == std::errc() && end == code.data() + code.size();
    if (whole && status >= 300 && status <= 599) return status;
  }
  return response.status;
}

/// A finding and its advice. The advice ends so that the provider's words can follow.
struct Row {
  Finding finding;
  std::string advice;
};

Row rejected(const std::string& field) {
  return {Finding::setting_refused,
          fmt::format("the model rejects {}: change it in the workspace's configuration, or the "
                      "model; ",
                      field.empty() ? "a setting" : "'" + field + "'")};
}

Row row_of(Sign sign, const ErrorBody& error, const CallFacts& facts) {
  switch (sign) {
    case Sign::credit:
      return {Finding::account_refused, "KEY REFUSED, no credit or quota left: "};
    case Sign::key:
      return {Finding::account_refused, "KEY REFUSED, check the API key and its account: "};
    case Sign::content:
      return {Finding::content_refused, "content filter: "};
    case Sign::too_long:
      return {Finding::content_refused,
              "the conversation is too long for the model: shorten the system prompt or choose a "
              "model with more context; "};
    case Sign::model:
      return {Finding::setting_refused,
              fmt::format("unknown model '{}': set the workspace's model to one that this key may "
                          "use; ",
                          facts.model)};
    case Sign::parameter:
      if (error.param == "messages") return rejected("max_tokens");
      return rejected(error.param.empty() ? blamed_setting(error) : error.param);
    case Sign::throttled:
      break;
  }
  return {Finding::throttled, "throttled: "};
}

bool says_no_credit(const ErrorBody& error) {
  return sign_in_texts(error, true) == Sign::credit || sign_in_words(error) == Sign::credit;
}

/// Under 429, a model or parameter in the words only says what the limit applies to.
std::optional<Sign> sign_by_words(int status, const ErrorBody& error) {
  constexpr int kTooManyRequests = 429;
  const auto sign = sign_in_words(error);
  const bool is_limit = sign == Sign::model || sign == Sign::parameter;
  return status == kTooManyRequests && is_limit ? std::nullopt : sign;
}

Row row_for(int status, const ErrorBody& error, bool names_wait, const CallFacts& facts) {
  const bool may_wait =
      status == 402 && names_wait;  // the limit is on requests in flight, not on money
  auto sign = sign_in_codes(error);
  // Some providers report spent credit under a throttling code. Waiting does not help then.
  if (sign == Sign::throttled && says_no_credit(error)) sign = Sign::credit;
  if (!sign && status == 413) sign = Sign::too_long;
  if (!sign && !may_wait) sign = sign_in_texts(error, names_wait);
  if (!sign && !may_wait && !is_down(status)) sign = sign_by_words(status, error);
  if (sign) return row_of(*sign, error, facts);
  if (says_forbidden(error)) return row_of(Sign::key, error, facts);
  if (status == 429 || may_wait) return row_of(Sign::throttled, error, facts);
  if (status == 402) return row_of(Sign::credit, error, facts);
  if (status == 401 || status == 403) return row_of(Sign::key, error, facts);
  if (status >= 300 && status < 400) {
    return {Finding::setting_refused,
            "redirects are not followed: make base_url the final address; "};
  }
  // 405 and 410: the address does not belong to this API, or no longer does.
  if (is_any(status, {404, 405, 410})) {
    return {Finding::setting_refused,
            fmt::format("unknown model '{}' or address: check the workspace's model and base_url; ",
                        facts.model)};
  }
  if (is_any(status, {200, 400, 422})) {
    if (const std::string field = blamed_setting(error); !field.empty()) return rejected(field);
  }
  if (is_down(status) || says_down(error)) return {Finding::down, ""};
  return {Finding::faulty, "request not accepted; "};
}

/// Whether jobs that are rejected in the same words may share a cause. Throttled and down are not
/// rejections, and refused content concerns one conversation only.
bool has_words(Finding finding) {
  return finding == Finding::account_refused || finding == Finding::setting_refused ||
         finding == Finding::faulty;
}

}  // namespace

Answer answered(Finding finding, const std::string& reason) {
  return {.finding = finding,
          .reason = shortened(masked(reason.substr(0, kMaskedBytesMax)), kReasonBytesMax)};
}

Answer classify_failure(const HttpFailure& failure, const CallFacts& facts) {
  const std::string reason = fmt::format("no answer from {}: {}", facts.provider, failure.message);
  switch (failure.kind) {
    case HttpFailure::Kind::no_resources:
      return answered(failure.request_sent ? Finding::down : Finding::no_resources, reason);
    case HttpFailure::Kind::stopped:
    case HttpFailure::Kind::withheld:
      return answered(Finding::not_sent, "stopped");
    case HttpFailure::Kind::forbidden_address:
      return answered(Finding::wrong_settings,
                      "base_url leads to a forbidden address (" + failure.message +
                          "): use a public one, or let the operator allow the host with "
                          "--allow-host");
    case HttpFailure::Kind::invalid:
      return answered(
          Finding::wrong_settings,
          "request cannot be made: " + failure.message + "; check base_url and api_key");
    default:
      return answered(failure.request_sent ? Finding::down : Finding::unreachable, reason);
  }
}

Answer classify_error(const HttpResponse& response, const CallFacts& facts) {
  const ErrorBody error = parse_error_body(response.body);
  const int status = status_of(response, error);
  const auto wait = wait_hint(response.headers, error, facts.now);
  const Row row = row_for(status, error, wait.has_value(), facts);
  Answer answer =
      answered(row.finding,
               fmt::format("{}{} answered HTTP {}{}{}",
                           row.advice,
                           facts.provider,
                           response.status,
                           status == response.status ? "" : fmt::format(" with error {}", status),
                           quoted(error)));
  // For a refused account, the wait hint concerns its rate limit, which is not the problem.
  if (row.finding == Finding::throttled || row.finding == Finding::down) answer.wait = wait;
  if (has_words(row.finding)) {
    answer.words = rejection_words(response.status, error.code, error.message());
  }
  return answer;
}

}  // namespace autoreply

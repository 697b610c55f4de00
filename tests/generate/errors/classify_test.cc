// How each finding about a provider's answer appears in the answers of providers and gateways.

#include "generate/errors/classify.h"

#include <chrono>
#include <initializer_list>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generate/errors/classify_fixture.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;
using test::Case;
using test::expect_all;
using test::kReceivedAt;
using test::read;
using testing::HasSubstr;

TEST(Classify, KnowsARefusedAccountByItsCodeUnderAnyStatus) {
  expect_all(
      Finding::account_refused,
      {{429, R"({"error":{"type":"insufficient_quota","code":"insufficient_quota"}})"},
       {400,
        R"({"error":{"message":"Budget has been exceeded!","type":"budget_exceeded","code":"400"}})"},
       {429,
        R"({"error":{"message":"Budget has been exceeded!","type":"budget_exceeded","code":"400"}})",
        {{"retry-after", "30"}}},
       {400, R"({"error":{"message":"x","type":"ExceededBudget","code":400}})"},
       {402, R"({"type":"error","error":{"type":"billing_error","message":"x"}})"},
       {429,
        R"({"error":{"type":"rate_limit_error","message":"x","details":{"error_code":"enforced_spend_limit_reached"}}})"},
       {400,
        R"({"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}})"},
       {429,
        R"([{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"37s"}]}}])"},
       {403, R"({"error":{"code":403,"message":"x","status":"PERMISSION_DENIED"}})"},
       {400, R"({"error":{"code":400,"message":"x","status":"FAILED_PRECONDITION"}})"},
       {400,
        R"({"error":{"message":"x","type":"invalid_request_error","code":"organization_restricted"}})"},
       {429, R"({"error":{"message":"x","type":"exceeded_current_quota_error"}})"},
       {400, R"({"error":{"message":"x","code":"Arrearage"}})"},
       {500, R"({"error":{"message":"x","code":"insufficient-balance"}})"},
       {403, R"({"error":{"message":"x","code":"unsupported_country_region_territory"}})"},
       {401, R"({"error":{"message":"x","code":"account_deactivated"}})"},
       {403, R"({"error":{"message":"x","code":"ip_not_authorized"}})"},
       {429, R"({"error":{"message":"x","code":"billing_hard_limit_reached"}})"},
       {400, R"({"error":{"message":"x","code":"billing_not_active"}})"},
       {422, R"({"detail":[{"type":"invalid_api_key","msg":"x"}]})"},
       {400,
        R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"type\":\"insufficient_quota\"}}"}}})"},
       {200, R"({"error":{"message":"x","type":"authentication_error"}})"},
       {200, R"({"error":{"message":"x","code":402}})"}});
}

TEST(Classify, KnowsARefusedAccountByItsStatus) {
  expect_all(
      Finding::account_refused,
      {{401, ""},
       {403, "<html>no</html>"},
       {402,
        R"({"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}})"},
       {402,
        R"({"error":{"message":"This request requires more credits, or fewer max_tokens. You requested up to 8192 tokens, but can only afford 2000.","code":402}})"},
       {401, R"({"message":"Unauthorized","request_id":"0195f6b8"})"},
       {401, R"({"detail":"Unauthorized"})"},
       {401, R"({"error":{"message":"User not found.","code":401}})"},
       {401, R"({"error":{"message":"x","type":"api_error"}})"},
       {403, R"({"error":{"message":"Key limit exceeded (total limit).","code":403}})"}});
}

TEST(Classify, KnowsRefusedContent) {
  expect_all(
      Finding::content_refused,
      {{400,
        R"({"error":{"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}})"},
       {400, R"({"error":{"message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}})"},
       {403,
        R"({"error":{"code":403,"message":"x","metadata":{"reasons":["violence"],"flagged_input":"…"}}})"},
       {403,
        R"({"error":{"code":403,"message":"openai/m requires moderation. Your input was flagged for \"harassment\"."}})"},
       {400, R"({"error":{"message":"Content Exists Risk","type":"invalid_request_error"}})"},
       {400, R"({"error":{"code":"invalid_prompt","message":"x"}})"},
       {400, R"({"error":{"code":"data_inspection_failed","message":"x"}})"},
       {400, R"({"error":{"code":"context_length_exceeded","message":"x"}})"},
       {400, R"({"error":{"code":400,"type":"exceed_context_size_error","message":"x"}})"},
       {400, R"({"error":{"type":"ContextWindowExceededError","message":"x"}})"},
       {400,
        R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"maximum context length is 8192 tokens\",\"code\":\"context_length_exceeded\"}}"}}})"},
       {400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}})"},
       {400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"}})"},
       {400,
        R"({"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length","type":"invalid_request_error","code":"3051"})"},
       {400,
        R"([{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}])"},
       {500,
        R"({"error":{"code":500,"message":"context size has been exceeded","type":"server_error"}})"},
       {400,
        R"({"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8400 in the messages, 600 in the completion).","param":"messages","code":"context_length_exceeded"}})"},
       {400,
        R"({"error":{"message":"litellm.ContextWindowExceededError: x","type":null,"param":null,"code":"400"}})"},
       {403, R"({"error":{"code":403,"message":"x","metadata":{"flagged_input":"…"}}})"},
       {413, "<html>Request Entity Too Large</html>"},
       {413,
        R"({"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000","type":"tokens","code":"rate_limit_exceeded"}})"},
       {429,
        R"({"error":{"message":"Request too large for m in organization org-x on tokens per min (TPM): Limit 30000, Requested 38002.","type":"tokens","code":"rate_limit_exceeded"}})",
        {{"retry-after", "5"}}},
       {429,
        R"({"error":{"message":"TPM exceeded. Limit: 6,000, requested: 9,000","code":"rate_limit_exceeded"}})"}});
}

TEST(Classify, KnowsARefusedSetting) {
  expect_all(
      Finding::setting_refused,
      {{404, R"({"error":{"code":"model_not_found","message":"x"}})"},
       {403, R"({"error":{"code":"model_not_found","message":"Project has no access"}})"},
       {403,
        R"({"error":{"message":"Project `p` does not have access to model `m`","type":"invalid_request_error"}})"},
       {401,
        R"({"error":{"message":"key not allowed to access model","type":"key_model_access_denied","code":"401"}})"},
       {400, R"({"error":{"code":"model_decommissioned","message":"x"}})"},
       {400,
        R"({"object":"error","message":"Invalid model: m","type":"invalid_model","code":"1500"})"},
       {400,
        R"({"error":{"message":"Model Not Exist","type":"invalid_request_error","code":"invalid_request_error"}})"},
       {400, R"({"error":{"message":"m is not a valid model ID","code":400}})"},
       {400, R"({"error":"model 'm' not found"})"},
       {400,
        R"({"error":{"message":"The model `m` does not exist.","type":"NotFoundError","code":404}})"},
       {400,
        R"({"error":{"message":"{'error': '/chat/completions: Invalid model name passed in model=m.'}","type":"None","param":"None","code":"400"}})"},
       {400,
        R"({"error":{"message":"{'error': 'temperature must be at most 2'}","type":"None","param":"None","code":"400"}})"},
       {400,
        R"({"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 20020 tokens (20 in the messages, 20000 in the completion).","param":"messages","code":"context_length_exceeded"}})"},
       {400,
        R"({"error":{"message":"'max_tokens' is too large: 9000. This model's maximum context length is 8192 tokens and your request has 20 input tokens.","type":"BadRequestError","code":400}})"},
       {404, ""},
       {404, "404 page not found"},
       {405, ""},
       {404, R"({"error":{"code":"DeploymentNotFound"}})"},
       {301, ""},
       {302, "<html>Sign in</html>"},
       {307, R"({"message":"moved"})"},
       {400, R"({"error":{"code":"unsupported_value","param":"temperature","message":"x"}})"},
       {400, R"({"error":{"code":"unsupported_parameter","param":"max_tokens","message":"x"}})"},
       {400, R"({"error":{"param":"temperature","message":"x","code":"decimal_above_max_value"}})"},
       {400,
        R"({"error":{"param":"max_tokens","message":"max_tokens is too large: 10000","code":null}})"},
       {400,
        R"({"error":{"message":"temperature must be non-negative, got -1.0.","type":"BadRequestError","code":400}})"},
       {400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"temperature: range: 0..1"}})"},
       {400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: 100000 > 64000"}})"},
       {400,
        R"({"error":{"message":"`max_tokens` must be less than or equal to `8192`","type":"invalid_request_error"}})"},
       {422,
        R"({"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]})"},
       {422,
        R"({"object":"error","message":{"detail":[{"loc":["body","temperature"],"msg":"Input should be less than or equal to 1.5","type":"less_than_equal"}]},"type":"invalid_request_error"})"},
       {200, R"({"error":{"code":404,"message":"No endpoints found"}})"}});
  EXPECT_THAT(read({403, R"({"error":{"code":"model_not_found"}})"}).reason,
              HasSubstr("unknown model 'the-model'"));
  EXPECT_THAT(read({302, ""}).reason, HasSubstr("make base_url the final address"));
  EXPECT_THAT(read({404, ""}).reason, HasSubstr("base_url"));
  EXPECT_THAT(read({400, R"({"error":{"message":"temperature: range: 0..1"}})"}).reason,
              HasSubstr("the model rejects 'temperature'"));
}

TEST(Classify, KnowsAThrottleAndItsWait) {
  struct Throttle {
    Case test;
    std::optional<milliseconds> wait;
  };
  for (
      const Throttle& throttle : std::initializer_list<Throttle>{
          {{429, ""}, {}},
          {{429, "<html>", {{"retry-after", "17"}}}, milliseconds(17'000)},
          {{429, "", {{"Retry-After", "1795348840"}}}, milliseconds(40'000)},
          {{429, "", {{"retry-after", "-1"}}}, {}},
          {{429, R"({"error":{"code":"rate_limit_exceeded","message":"Try again in 1.25s."}})"},
           milliseconds(1'250)},
          {{402,
            R"({"error":{"message":"Insufficient credits for what is in flight","code":402}})",
            {{"retry-after", "3"}}},
           milliseconds(3'000)},
          {{200, R"({"error":{"code":429,"message":"x"}})"}, {}},
          {{200, R"({"error":{"type":"rate_limit_error","message":"x"}})"}, {}},
          {{200, R"({"choices":[{"error":{"code":429,"message":"x"},"finish_reason":"error"}]})"},
           {}},
          {{503, R"({"error":{"code":"slow_down","message":"x"}})"}, {}},
          {{429,
            R"({"error":{"message":"Rate limit reached: Limit 200000, Used 199800, Requested 900.","code":"rate_limit_exceeded"}})"},
           {}}}) {
    const Answer answer = read(throttle.test);
    EXPECT_EQ(Finding::throttled, answer.finding) << throttle.test.body << answer.reason;
    EXPECT_EQ(throttle.wait, answer.wait) << throttle.test.body;
    EXPECT_EQ("", answer.words);
  }
}

TEST(Classify, KnowsAProviderThatIsDown) {
  expect_all(Finding::down,
             {{408, ""},
              {409, R"({"error":{"type":"conflict_error"}})"},
              {498, R"({"error":{"type":"server_error","code":"capacity_exceeded"}})"},
              {499, ""},
              {500, "boom"},
              {501, ""},
              {503, R"({"error":{"code":"server_is_overloaded","message":"x"}})"},
              {524, "<html>"},
              {529, R"({"type":"error","error":{"type":"overloaded_error"}})"},
              {200, R"({"error":{"code":502,"message":"Provider returned error"}})"},
              {200, R"({"error":{"type":"overloaded_error","message":"x"}})"},
              {400, R"({"error":{"type":"server_error","message":"x"}})"}});
  EXPECT_EQ(milliseconds(5'000), read({503, "", {{"retry-after", "5"}}}).wait);
}

TEST(Classify, KnowsAFaultyAnswer) {
  expect_all(
      Finding::faulty,
      {{400, ""},
       {400,
        R"({"error":{"message":"Tool choice is none, but model called a tool","type":"invalid_request_error","code":"tool_use_failed"}})"},
       {400,
        R"({"error":{"message":"Conversation roles must alternate","type":"BadRequestError","code":400}})"},
       {400,
        R"({"message":"Expected last role User","type":"invalid_request_message_order","code":"3230"})"},
       {400,
        R"({"error":{"message":"Invalid 'messages[1].content'","param":"messages[1].content","code":"invalid_type"}})"},
       {418, "teapot"},
       {422, R"({"detail":[{"loc":["body","messages",1,"content"],"msg":"field required"}]})"},
       {424, ""},
       {200, R"({"error":{"message":"later"}})"},
       {200, R"({"object":"error","message":"something","code":40301})"},
       {200, R"({"error":"something"})"}});
}

TEST(Classify, TellsFailuresBeforeTheRequestFromThoseAfterIt) {
  const CallFacts facts{"openai", "m", kReceivedAt};
  using Kind = HttpFailure::Kind;
  struct Failure {
    Kind kind;
    bool sent;
    Finding finding;
  };
  for (const Failure& failure :
       std::initializer_list<Failure>{{Kind::connect, false, Finding::unreachable},
                                      {Kind::tls, false, Finding::unreachable},
                                      {Kind::timeout, false, Finding::unreachable},
                                      {Kind::timeout, true, Finding::down},
                                      {Kind::broken, true, Finding::down},
                                      {Kind::too_large, true, Finding::down},
                                      {Kind::stopped, true, Finding::not_sent},
                                      {Kind::withheld, false, Finding::not_sent},
                                      {Kind::forbidden_address, false, Finding::wrong_settings},
                                      {Kind::invalid, false, Finding::wrong_settings}}) {
    EXPECT_EQ(failure.finding, classify_failure({failure.kind, failure.sent, "why"}, facts).finding)
        << static_cast<int>(failure.kind);
  }
}

}  // namespace
}  // namespace autoreply

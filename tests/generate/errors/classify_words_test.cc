// The words by which providers and gateways say what a code or status does not.

#include <initializer_list>
#include <string>

#include <gtest/gtest.h>

#include "generate/errors/classify_fixture.h"

namespace autoreply {
namespace {

using test::Case;
using test::expect_all;
using test::read;

TEST(Classify, KnowsARefusedAccountByTextIfNothingElseTells) {
  expect_all(
      Finding::account_refused,
      {{400,
        R"({"error":{"code":"invalid_request_error","type":"invalid_request_error","message":"Your credit balance is too low to access the API."}})"},
       {400,
        R"({"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-12-01."}})"},
       {400,
        R"({"code":"invalid-argument","error":"Incorrect API key provided: x***. You can obtain one from the console."})"},
       {400,
        R"({"code":"Client specified an invalid argument","error":"Incorrect API key provided."})"},
       {400, R"({"error":"Invalid API key"})"},
       {400, R"({"detail":"Invalid API Key."})"},
       {400, R"({"message":{"error":"No API key provided"}})"},
       {400, R"({"error":{"error":{"message":"This organization has been disabled."}}})"},
       {400, R"({"errors":[{"message":"Insufficient credits"}]})"},
       {400, R"({"error":{"message":"User location is not supported for the API use."}})"},
       {429,
        R"({"error":{"message":"You exceeded your current quota, please check your plan and billing details."}})"},
       {429,
        R"({"error":{"message":"litellm.BudgetExceeded: Budget has been exceeded! Current cost: 1.2, Max budget: 1.0"}})",
        {{"retry-after", "60"}}},
       {500, R"({"error":"Your account is not active, please check your billing details."})"},
       {429,
        R"({"error":{"message":"litellm.RateLimitError: OpenAIException - You exceeded your current quota, please check your plan and billing details.","type":"throttling_error","param":null,"code":"429"}})"},
       {412,
        R"({"error":{"message":"Account a is suspended, possibly due to reaching the monthly spending limit"}})"},
       {200, R"({"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"1"})"},
       {400, "Invalid API key"}});
  // Ordinary errors also mention keys, accounts, limits and credit.
  for (
      const Case& test : std::initializer_list<Case>{
          {400, R"({"error":{"message":"Unexpected key 'credit' in messages[0]"}})"},
          {400, R"({"error":{"message":"messages[2]: the account number must not be empty"}})"},
          {429,
           R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"You exceeded your current quota, please check your plan and billing details."}})"},
          {429,
           R"({"error":{"message":"You exceeded your current quota. Please retry in 46.2s."}})"},
          {429,
           R"({"error":{"message":"Rate limit reached for requests","code":"rate_limit_exceeded"}})"},
          {500, R"({"error":{"message":"Could not check the API key: database unavailable"}})"}}) {
    EXPECT_NE(Finding::account_refused, read(test).finding) << test.body;
  }
}

std::string told(const std::string& message) {
  return R"({"error":{"message":")" + message + R"(","code":null}})";
}

TEST(Classify, KnowsARefusedAccountByTheWordsOfOtherVendors) {
  for (const char* message :
       {"Wrong API Key",
        "The API key has been revoked.",
        "Malformed API key",
        "Your API key is inactive.",
        "Token expired",
        "This credential is only authorized for use with Claude Code",
        "API access is blocked: Spend alert threshold reached. Visit settings",
        "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
        "Your account balance is insufficient. Please recharge.",
        "Account balance is negative, please add funds",
        "quota exceeded, please recharge your account"}) {
    expect_all(Finding::account_refused, {{400, told(message)}});
  }
  expect_all(
      Finding::account_refused,
      {{429,
        R"([{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Your project has exceeded its monthly spending cap."}}])"},
       {429,
        R"({"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"Your prepayment credits are depleted."}})"},
       {429,
        R"({"error":{"message":"Budget has been exceeded! Current cost: 1, Max budget: 1","type":"rate_limit_error","code":"429"}})"},
       {429,
        R"({"error":{"message":"You have insufficient credits. Please top up.","type":"rate_limit_error","code":"rate_limit_exceeded"}})"},
       {200,
        R"({"choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}})"},
       {200, R"({"success":false,"errors":[{"code":10000,"message":"Authentication error"}]})"},
       {200, R"({"error":true,"message":"Invalid API key"})"},
       {200, R"({"status":"401","msg":"Your API Token has expired."})"},
       {200, R"({"detail":"Not authenticated"})"}});
}

TEST(Classify, KnowsAModelThatIsNotThereByTheWordsOfOtherVendors) {
  for (const char* message :
       {"Unable to access non-serverless model X. Please visit the page of the model",
        "The requested model 'foo/bar' is not supported by any provider you have enabled.",
        "nomic-embed-text does not support chat",
        "The provided model identifier is invalid.",
        "Invocation of model ID m with on-demand throughput isn't supported. Retry with a profile",
        "Your organization must be verified to use the model `o3`. Please go to",
        "LLM Provider NOT provided. Pass in the LLM provider. You passed model=foo",
        "There are no healthy deployments for this model.",
        "* GenerateContentRequest.model: unexpected model name format",
        "Unavailable model: foo"}) {
    expect_all(Finding::setting_refused, {{400, told(message)}});
  }
  expect_all(Finding::setting_refused,
             {{400, R"({"error":{"code":"unavailable_model","message":"Unavailable model: foo"}})"},
              {400, R"({"error":{"code":"model_not_available","message":"x"}})"}});
}

TEST(Classify, KnowsARejectedParameterByTheWordsOfOtherVendors) {
  for (const char* message :
       {"gpt-5 models (including gpt-5-codex) don't support temperature=0.3. Only temperature=1",
        "O-series models don't support temperature=0.2. Only temperature=1 is supported.",
        "Model grok-4-0709 does not support parameter reasoningEffort.",
        "Unrecognized request argument supplied: store",
        "API version not supported",
        "\\\"llama3.2\\\" does not support thinking",
        "think value \\\"none\\\" is not supported for this model",
        "Budget 0 is invalid. This model only works in thinking mode.",
        "Thinking level [MINIMAL] is not supported for this model.",
        "Developer instruction is not enabled for models/gemma-3-27b-it",
        "Reasoning is mandatory for this endpoint and cannot be disabled.",
        "parameter.enable_thinking must be set to false for non-streaming calls",
        "This model does not support the effort parameter."}) {
    expect_all(Finding::setting_refused, {{400, told(message)}});
  }
}

TEST(Classify, KnowsWhatOneMessageIsRefusedForByTheWordsOfOtherVendors) {
  for (const char* message :
       {"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000 "
        "`inputs` tokens and 512 `max_new_tokens`",
        "too many tokens: total number of tokens in the prompt cannot exceed 4081",
        "Input validation error: `inputs` must have less than 4096 tokens. Given: 5000",
        "This prompt contains sensitive words that violate Google's Responsible AI practices",
        "blocked by the provider's safety filters",
        "Violated guardrail policy"}) {
    expect_all(Finding::content_refused, {{400, told(message)}, {422, told(message)}});
  }
  expect_all(
      Finding::content_refused,
      {{403,
        R"({"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines. Team: 1234, API key ID: abcd, Failed check: SAFETY_CHECK_TYPE_BIO"})"},
       {403,
        R"({"error":{"code":"permission-denied","message":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"}})"}});
}

TEST(Classify, TakesNoWordsForACauseThatPassesByItself) {
  for (const char* message : {"The model is currently unavailable",
                              "The model is temporarily not available. Please try again later.",
                              "Model m is overloaded"}) {
    expect_all(Finding::down, {{503, told(message)}});
  }
  for (const char* message : {"Rate limit reached for model `m` in organization `o` on tokens per "
                              "minute (TPM): Limit 6000, Used 5000, Requested 2000. Need more "
                              "tokens? Upgrade at https://console.groq.com/settings/billing",
                              "Too many requests for this model, not supported at this rate",
                              "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock "
                              "1000 free model requests per day"}) {
    expect_all(Finding::throttled, {{429, told(message)}});
  }
  expect_all(Finding::faulty, {{400, told("messages: text content blocks must be non-empty")}});
}

}  // namespace
}  // namespace autoreply

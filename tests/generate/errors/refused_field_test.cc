#include "generate/errors/refused_field.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

Refused refused(int status, const std::string& body) {
  return refused_by({.status = status, .headers = {}, .body = body});
}

TEST(RefusedBy, FindsWhatThisProgramAdded) {
  for (
      const char* body :
      {R"({"error":{"message":"Unsupported parameter: 'reasoning_effort'","param":"reasoning_effort"}})",
       R"({"error":{"message":"Reasoning is mandatory for this endpoint and cannot be disabled."}})",
       R"({"error":{"message":"Thinking level MINIMAL is not supported for this model.","status":"INVALID_ARGUMENT"}})",
       R"({"error":{"message":"Budget 0 is invalid. This model only works in thinking mode."}})",
       R"({"type":"error","error":{"type":"invalid_request_error","message":"output_config.effort: unknown"}})",
       R"({"detail":[{"loc":["body","store"],"msg":"Extra inputs are not permitted"}]})"}) {
    EXPECT_TRUE(refused(400, body).extras) << body;
    EXPECT_FALSE(refused(400, body).token_field) << body;
    EXPECT_EQ(Refused{}, refused(429, body)) << body;
  }
}

TEST(RefusedBy, TellsAnUnknownTokenFieldFromAWrongNumber) {
  EXPECT_TRUE(
      refused(
          400,
          R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}})")
          .token_field);
  EXPECT_TRUE(
      refused(
          422,
          R"({"detail":[{"loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]})")
          .token_field);
  EXPECT_EQ(
      Refused{},
      refused(
          400,
          R"({"error":{"message":"max_tokens is too large: 20000","param":"max_tokens","code":"invalid_value"}})"));
}

TEST(RefusedBy, LeavesTheWorkspacesOwnSettingsAlone) {
  for (
      const char* body :
      {R"({"error":{"message":"Unsupported value: 'temperature'","param":"temperature"}})",
       R"({"error":{"message":"The model `x` does not exist","code":"model_not_found"}})",
       R"({"error":{"message":"Your prompt was flagged: see https://h/docs/guides/reasoning#advice"}})",
       R"({"error":{"message":"I think that your store has no such model"}})",
       "",
       "<html>"}) {
    EXPECT_EQ(Refused{}, refused(400, body)) << body;
  }
}

}  // namespace
}  // namespace autoreply

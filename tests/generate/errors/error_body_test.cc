#include "generate/errors/error_body.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(ParseErrorBody, TakesAnything) {
  for (const char* body : {"",
                           "null",
                           "[]",
                           "[1]",
                           "7",
                           "<html>",
                           "{\"error\":7}",
                           "{\"error\":",
                           "{\"error\":{\"message\":{},\"code\":[]}}",
                           "[[[]]]",
                           "[[[[[[[[[[\"deep\"]]]]]]]]]]"}) {
    EXPECT_EQ("", parse_error_body(body).message()) << body;
  }
}

TEST(ParseErrorBody, FindsTheTextWhereverItIs) {
  for (const char* body : {R"({"error":"no"})",
                           R"({"error":{"message":"no"}})",
                           R"([{"error":{"message":"no"}}])",
                           R"({"error":{"error":{"message":"no"}}})",
                           R"({"errors":[{"message":"no"}]})",
                           R"({"errors":["no"]})",
                           R"({"message":"no"})",
                           R"({"message":{"detail":[{"msg":"no"}]}})",
                           R"({"detail":"no"})",
                           R"({"detail":[{"msg":"no"}]})",
                           R"({"detail":{"error":"no"}})",
                           R"({"error":{"metadata":{"raw":"no"}}})",
                           R"({"error":{"metadata":{"raw":"{\"error\":{\"message\":\"no\"}}"}}})",
                           R"({"error":{"message":"{\"error\":\"no\"}"}})",
                           R"({"error":"no","message":"no"})",
                           "\xEF\xBB\xBF{\"error\":\"no\"}",
                           "{\"error\":\"no\"}\n\ndata: [DONE]\n",
                           "event: error\ndata: {\"error\":\"no\"}\n\n",
                           "no"}) {
    EXPECT_EQ("no", parse_error_body(body).message()) << body;
  }
}

TEST(ParseErrorBody, ShowsTheMostTellingCode) {
  const auto code = [](std::string_view body) { return parse_error_body(body).code; };
  EXPECT_EQ("429", code(R"({"error":{"code":429}})"));
  EXPECT_EQ("rate_limit_exceeded",
            code(R"({"error":{"type":"requests","code":"rate_limit_exceeded"}})"));
  EXPECT_EQ("budget_exceeded", code(R"({"error":{"type":"budget_exceeded","code":"400"}})"));
  EXPECT_EQ("overloaded_error", code(R"({"type":"error","error":{"type":"overloaded_error"}})"));
  EXPECT_EQ(
      "enforced_spend_limit_reached",
      code(
          R"({"error":{"type":"x_error","details":{"error_code":"enforced_spend_limit_reached"}}})"));
  EXPECT_EQ("invalid-argument", code(R"({"code":"invalid-argument","error":"no"})"));
  EXPECT_EQ("", code(R"({"status":"error","error":"no"})"));
}

TEST(ParseErrorBody, ReducesCodesToLetters) {
  const ErrorBody error =
      parse_error_body(R"({"error":{"code":"Insufficient-Quota","type":null}})");
  EXPECT_EQ(std::vector<std::string>{"insufficientquota"}, error.codes);
}

TEST(ParseErrorBody, NamesTheFieldToBlame) {
  EXPECT_EQ("temperature",
            parse_error_body(R"({"detail":[{"loc":["body","temperature"],"msg":"no"}]})").param);
  EXPECT_EQ("model", parse_error_body(R"({"error":{"param":"model"}})").param);
}

}  // namespace
}  // namespace autoreply

// What is quoted from a provider's answer.

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clocks.h"
#include "generate/errors/classify_fixture.h"

namespace autoreply {
namespace {

using test::read;
using testing::HasSubstr;
using testing::Not;

TEST(Classify, NamesTheInnermostReason) {
  const std::string reason =
      read(
          {400,
           R"({"error":{"message":"Provider returned error","code":400,"metadata":{"provider_name":"P","raw":"{\"error\":{\"message\":\"maximum context length is 8192 tokens\",\"code\":\"context_length_exceeded\"}}"}}})"})
          .reason;
  EXPECT_THAT(reason, HasSubstr("maximum context length is 8192 tokens (context_length_exceeded)"));
  EXPECT_THAT(read({400, R"({"code":"invalid-argument","error":"It is wrong."})"}).reason,
              HasSubstr("HTTP 400: It is wrong. (invalid-argument)"));
}

TEST(Classify, GivesEqualWordsToEqualRejections) {
  const auto words = [](const std::string& id, int status = 400) {
    return read({status,
                 R"({"error":{"code":"bad_thing","message":"Message )" + id +
                     R"( is bad, request req_)" + id + R"("}})"})
        .words;
  };
  EXPECT_EQ("400 bad_thing message is bad request", words("71"));
  EXPECT_EQ(words("71"), words("4f9a8b7c"));
  EXPECT_NE(words("71"), words("71", 418));
  EXPECT_THAT(read({401, ""}).words, HasSubstr("401"));
  EXPECT_NE("", read({404, ""}).words);
  EXPECT_EQ("", read({500, ""}).words);
  EXPECT_EQ("", read({413, ""}).words);
}

TEST(Classify, MasksKeysAndNumbers) {
  const Answer answer = read(
      {400,
       R"({"error":{"message":"bad sk-abcdef123456 for +15555550101","code":"sk-abcdef123456"}})"});
  EXPECT_THAT(answer.reason + answer.words, Not(HasSubstr("abcdef")));
  EXPECT_THAT(answer.reason + answer.words, Not(HasSubstr("5555550101")));
}

TEST(Classify, ReadsHugeBodiesInLinearTime) {
  std::vector<std::string> bodies;
  const auto repeated = [](const std::string& part, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += part;
    return text;
  };
  constexpr std::size_t kBytes = 1'000'000;
  bodies.push_back(R"({"error":")" + repeated("limit requested ", kBytes) + R"("})");
  bodies.push_back(R"({"error":")" + repeated("model ", kBytes) + R"("})");
  bodies.push_back(R"({"error":")" + repeated("1 ", kBytes) + R"("})");
  bodies.push_back(R"({"errors":[)" + repeated(R"({"message":"no","code":"x"},)", kBytes) + "1]}");
  bodies.push_back("{" + repeated(R"("error":"no",)", kBytes) + R"("a":1})");
  bodies.push_back("{" + repeated(R"("code":"no",)", kBytes) + R"("a":1})");
  bodies.push_back(R"({"violations":[)" + repeated(R"({"quotaId":"x"},)", kBytes) + "1]}");
  bodies.push_back(R"({"error":{"headers":{)" + repeated(R"("a":"x",)", kBytes) + R"("b":1}}})");
  bodies.push_back(repeated(R"({"error":)", kBytes));
  bodies.push_back(repeated("data: {\"error\":\"no\"}\n", kBytes));
  bodies.push_back(repeated("try again in ", kBytes));
  std::string nested = "\"no\"";
  for (int depth = 0; depth < 12; ++depth) {
    std::string quoted;
    for (const char character : R"({"raw":)" + nested + "}") {
      if (character == '"' || character == '\\') quoted += '\\';
      quoted += character;
    }
    nested = "\"" + quoted + "\"";
  }
  bodies.push_back(R"({"error":)" + nested + "}");
  for (const std::string& body : bodies) {
    const auto start = ThreadClock::now();
    EXPECT_LE(read({400, body}).reason.size(), 300U);
    EXPECT_LT(ThreadClock::now() - start, std::chrono::seconds(5)) << body.substr(0, 60);
  }
}

}  // namespace
}  // namespace autoreply

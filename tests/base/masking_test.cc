#include "base/masking.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(Masked, HidesKeys) {
  EXPECT_EQ("key ***. Look", masked("key sk-proj-****abcd. Look"));
  EXPECT_EQ("*** is wrong", masked("sk-abcdef is wrong"));
  EXPECT_EQ("Bearer ***", masked("Bearer abcdefgh.ijk"));
  EXPECT_EQ("token ***", masked("token eyJhbGciOi.eyJzdWIiOi.c2ln"));
  EXPECT_EQ("id ***", masked("id 4f3c2b1a9d8e7f6a5b4c3d2e1f"));
}

TEST(Masked, HidesPhoneNumbers) {
  EXPECT_EQ("to *** now", masked("to +15555550101 now"));
  EXPECT_EQ("to *** now", masked("to +1 555 555-0101 now"));
  EXPECT_EQ("to *** now", masked("to (555) 555-0101 now"));
  EXPECT_EQ("to *** now", masked("to 15555550101 now"));
}

TEST(Masked, HidesPhoneNumbersHoweverTheyAreWritten) {
  for (const char* number : {"+15551000001",
                             "+1-555-100-0001",
                             "+1.555.100.0001",
                             "+1/555/100/0001",
                             "1 (555) 100 - 0001",
                             "(555)100-0001",
                             "555-0101 22",
                             "5550101",
                             "555 01 01",
                             "555\u00A0010\u00A00001",
                             "+1\u202F555\u2011100\u20130001",
                             "+1\u200B555\u200B1000001",
                             "\uFF0B\uFF11555\uFF11\uFF10\uFF100001",
                             "0049 30 1234567",
                             "20241022"}) {
    const std::string shown = masked(std::string("to ") + number + " now");
    EXPECT_TRUE(shown == "to *** now" || shown == "to \uFF0B*** now") << shown;
  }
}

TEST(Masked, HidesPhoneNumbersNextToLetters) {
  EXPECT_EQ("***x", masked("+15551000001x"));
  EXPECT_EQ("tel***", masked("tel15551000001"));
  EXPECT_EQ("tel:***;ext=5", masked("tel:+15551000001;ext=5"));
  EXPECT_EQ("x***y", masked("x5551000001y"));
  EXPECT_EQ("to%3A%2B***", masked("to%3A%2B15551000001").substr(0, 11));
  EXPECT_EQ("abc***", masked("abc15551000001"));
  EXPECT_EQ("*** 3rd try", masked("555-100-0001 3rd try"));
  EXPECT_EQ("***_a", masked("5551000001_a"));
}

TEST(Masked, HidesAKeyBehindANumber) {
  EXPECT_EQ("*** ***", masked("15551000001 4f3c2b1a9d8e7f6a5b4c3d2e1f"));
  EXPECT_EQ("1 ***", masked("1 4f3c2b1a9d8e7f6a5b4c3d2e1f"));
}

TEST(Masked, TakesTimeLinearInTheText) {
  // Repetitions that could cause quadratic time.
  for (const char* part : {"1 ",
                           "12 ",
                           "(",
                           "+(",
                           "1-1-1-1-1-1-",
                           "a1",
                           "-",
                           "2026-11-22 ",
                           "1.",
                           "sk-",
                           "1 a",
                           "555 0101x ",
                           "\u200B1",
                           "*",
                           "$1",
                           "12:00",
                           "1234567 a ",
                           "Bearer "}) {
    std::string text;
    while (text.size() < 40'000) text += part;
    EXPECT_FALSE(masked(text).empty());
    EXPECT_EQ(text, without(text, Secret("a secret that is not in there")));
  }
  EXPECT_EQ(60'000U, without(std::string(20'000, 'a'), Secret("a")).size());
}

TEST(Masked, LeavesTheRest) {
  for (const char* text :
       {"Limit 200000, Used 199800, Requested 900",
        "commit 0a876e4, 9f8e7d6c5b4a",
        "at 2026-11-22T12:00:00.123456Z and 2026-11-22 12:00 and 20261122T120000Z",
        "connect to 192.168.100.200 port 8080",
        "costs $1234567 or 1234567.50 EUR",
        "after 1500000 ms or 3600000ms",
        "1048576 bytes, 2000000 tokens",
        "model claude-3-5-sonnet-20241022 not found",
        "model llama3-70b-instruct-20241022 not found",
        "HTTP 429 (attempt 3)",
        "model gpt-6-luna-2026-09-22 not found",
        "log 0b6f3d1e-6a55-4b52-9a4e-2d1f0c9b8a77",
        "on 2026-11-22 12:00:00",
        "exceed_context_size_error",
        "max_completion_tokens is not supported with this model"}) {
    EXPECT_EQ(text, masked(text));
  }
  EXPECT_EQ("a b", masked("a\r\n\x01 b"));
}

TEST(Without, HidesASecretThatLooksLikeAnyWord) {
  EXPECT_EQ("bad *** and ***", without("bad tulip and tulip", Secret("tulip")));
  EXPECT_EQ("bad tulip", without("bad tulip", Secret("")));
  EXPECT_EQ("***", without("*", Secret("*")));
}

TEST(Without, HidesASecretThatIsEncoded) {
  const Secret key("a+b/c=d e\"");
  EXPECT_EQ("key=***&x", without("key=a%2Bb%2Fc%3Dd%20e%22&x", key));
  EXPECT_EQ("key=***&x", without("key=a%2bb%2fc%3dd+e%22&x", key));
  EXPECT_EQ("key=***&x", without("key=a%252Bb%252Fc%253Dd%2520e%2522&x", key));
  EXPECT_EQ("\"***\"", without(R"("a\u002bb\/c\u003Dd e\"")", key));
  EXPECT_EQ("a%2Bb%2Fc", without("a%2Bb%2Fc", key));
  EXPECT_EQ("******", without("%61%61", Secret("a")));
}

TEST(Shortened, MarksTheCut) {
  EXPECT_EQ("abc", shortened("abc", 3));
  EXPECT_EQ("ab...", shortened("abcdef", 5));
  EXPECT_EQ("...", shortened("\u00E9\u00E9\u00E9", 4));
}

}  // namespace
}  // namespace autoreply

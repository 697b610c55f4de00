#include "generate/wait_hint.h"

#include <gtest/gtest.h>

#include "net/retry_after.h"

namespace autoreply {
namespace {

using std::chrono::milliseconds;

// Sun, 22 Nov 2026 12:00:00 GMT
const std::chrono::system_clock::time_point kNow =
    std::chrono::system_clock::from_time_t(1'795'348'800);

std::optional<milliseconds> hint(std::initializer_list<std::pair<std::string, std::string>> headers,
                                 std::string_view body = "") {
  HttpHeaders all;
  for (const auto& [name, value] : headers) all.add(name, value);
  return wait_hint(all, parse_error_body(body), kNow);
}

TEST(ParseResetDuration, ReadsGoAndProtobuf) {
  EXPECT_EQ(milliseconds(12), parse_reset_duration("12ms"));
  EXPECT_EQ(milliseconds(360'000), parse_reset_duration("6m0s"));
  EXPECT_EQ(milliseconds(179'560), parse_reset_duration("2m59.56s"));
  EXPECT_EQ(milliseconds(36'605'700), parse_reset_duration("10h10m5.7s"));
  EXPECT_EQ(milliseconds(7'000), parse_reset_duration("7"));
  EXPECT_EQ(milliseconds(1), parse_reset_duration("20us"));
  EXPECT_EQ(kWaitMax, parse_reset_duration("99999h"));
  for (const char* text : {"", "s", "5x", "-1", "0", "0s", "1s2", "nan", "inf", "1.2.3s", "m5"}) {
    EXPECT_EQ(std::nullopt, parse_reset_duration(text)) << text;
  }
}

TEST(WaitHint, ReadsDatesOfAnyZone) {
  const auto reset = [](const char* date) {
    return hint({{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", date}});
  };
  EXPECT_EQ(milliseconds(9'000), reset("2026-11-22T12:00:09Z"));
  EXPECT_EQ(milliseconds(9'000), reset("2026-11-22T12:00:09+00:00"));
  EXPECT_EQ(milliseconds(9'000), reset("2026-11-22T13:30:09.5+01:30"));
  EXPECT_EQ(milliseconds(9'000), reset("2026-11-22T07:00:09-05:00"));
  for (const char* odd :
       {"2026-11-22T12:00:09", "2026-11-22T12:00:09+01", "2026-11-22T12:00:09x"}) {
    EXPECT_EQ(std::nullopt, reset(odd)) << odd;
  }
}

TEST(WaitHint, TakesTheResetOfTheExhaustedBucket) {
  EXPECT_EQ(milliseconds(360'000),
            hint({{"x-ratelimit-remaining-tokens", "0"},
                  {"x-ratelimit-reset-tokens", "6m0s"},
                  {"x-ratelimit-remaining-requests", "10"},
                  {"x-ratelimit-reset-requests", "24h"}}));
  EXPECT_EQ(milliseconds(9'000),
            hint({{"date", "Sun, 22 Nov 2026 12:00:00 GMT"},
                  {"anthropic-ratelimit-requests-remaining", "0"},
                  {"anthropic-ratelimit-requests-reset", "2026-11-22T12:00:09Z"},
                  {"anthropic-ratelimit-output-tokens-remaining", "8000"},
                  {"anthropic-ratelimit-output-tokens-reset", "2026-11-22T12:00:45Z"}}));
  EXPECT_EQ(milliseconds(60'000),
            hint({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1795348860000"}}));
  EXPECT_EQ(milliseconds(60'000),
            hint({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1795348860"}}));
  // Azure writes -1 or 0 for what it does not know.
  EXPECT_EQ(std::nullopt,
            hint({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "-1"}}));
}

TEST(WaitHint, TrustsHeadersMoreThanBodiesAndBodiesMoreThanBuckets) {
  constexpr const char* kBody =
      R"([{"error":{"message":"Please retry in 99s.","details":[{"retryDelay":"46.2s"}]}}])";
  EXPECT_EQ(milliseconds(46'200), hint({}, kBody));
  EXPECT_EQ(milliseconds(3'000), hint({{"retry-after", "3"}}, kBody));
  EXPECT_EQ(
      milliseconds(46'200),
      hint({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "5s"}}, kBody));
}

TEST(WaitHint, FindsAWaitInTheMessage) {
  const auto said = [](const std::string& message) {
    return hint({}, R"({"error":{"message":")" + message + "\"}}");
  };
  EXPECT_EQ(milliseconds(7'660), said("Please try again in 7.66s. Visit us."));
  EXPECT_EQ(milliseconds(36'625'700), said("Please retry in 10h10m25.7s."));
  EXPECT_EQ(milliseconds(500), said("Try again in 500 ms."));
  EXPECT_EQ(milliseconds(380'000), said("Try again in 6 minutes 20 seconds, please."));
  EXPECT_EQ(milliseconds(7'200'000), said("Retry after 2 hours."));
  EXPECT_EQ(milliseconds(20'000), said("Try again in 20."));
  EXPECT_EQ(milliseconds(17'000), said("Please retry after 17 seconds."));
  EXPECT_EQ(std::nullopt, said("Please try again in a while"));
}

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
                           "[[[]]]"}) {
    EXPECT_EQ("", parse_error_body(body).message) << body;
  }
  EXPECT_EQ("no", parse_error_body(R"({"error":"no"})").message);
  EXPECT_EQ("no", parse_error_body(R"({"detail":"no"})").message);
  EXPECT_EQ("no", parse_error_body(R"({"detail":[{"msg":"no"}]})").message);
  EXPECT_EQ("429", parse_error_body(R"({"error":{"code":429}})").code);
}

}  // namespace
}  // namespace autoreply

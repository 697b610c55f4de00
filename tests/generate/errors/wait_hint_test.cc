#include "generate/errors/wait_hint.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

// Sun, 22 Nov 2026 12:00:00 GMT
const std::chrono::system_clock::time_point kHintedAt =
    std::chrono::system_clock::from_time_t(1'795'348'800);

std::optional<milliseconds> hint(std::initializer_list<std::pair<std::string, std::string>> headers,
                                 std::string_view body = "") {
  HttpHeaders all;
  for (const auto& [name, value] : headers) all.add(name, value);
  return wait_hint(all, parse_error_body(body), kHintedAt);
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
  // Azure writes -1 or 0 for unknown values.
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

TEST(WaitHint, FindsAWaitWhereverTheBodyHasOne) {
  struct Hinted {
    const char* body;
    int milliseconds;
  };
  for (
      const Hinted& test : std::initializer_list<Hinted>{
          {R"({"error":{"code":429,"message":"Rate limit exceeded: free-models-per-day.","metadata":{"headers":{"X-RateLimit-Limit":"50","X-RateLimit-Remaining":"0","X-RateLimit-Reset":"1795370400000"}}}})",
           21'600'000},
          {R"({"error":{"message":"x","metadata":{"headers":{"Retry-After":"9"}}}})", 9'000},
          {R"({"error":{"message":"x","metadata":{"raw":"{\"error\":{\"message\":\"Try again in 9s.\"}}"}}})",
           9'000},
          {R"({"error":{"message":"x"},"retry_after":9.5})", 9'500},
          {R"({"error":{"message":"x","retry_after_ms":250}})", 250},
          {R"({"error":{"type":"usage","resets_at":1795348860}})", 60'000},
          {R"({"error":{"message":"Try again in a while. Please try again in 9 s."}})", 9'000},
          {R"({"detail":"Too many requests, please wait 2 minutes."})", 120'000},
          {R"({"error":"Your quota will reset after 3h20m0s."})", 12'000'000},
          {"Rate limited, retry after 9 seconds", 9'000}}) {
    EXPECT_EQ(milliseconds(test.milliseconds), hint({}, test.body)) << test.body;
  }
}

TEST(WaitHint, TakesNonsenseForNoWait) {
  for (const char* body : {R"({"retry_after":-5})",
                           R"({"retry_after":1795348000})",
                           R"({"error":{"message":"try again in -5 s"}})",
                           R"({"retry_after":{"a":1}})"}) {
    EXPECT_EQ(std::nullopt, hint({}, body)) << body;
  }
  // If one source says nothing useful, the next one counts.
  EXPECT_EQ(milliseconds(9'000), hint({{"retry-after", "-1"}}, R"({"retry_after":9})"));
}

TEST(WaitHint, TakesAResetForAWaitIfNothingSaysWhatRemains) {
  EXPECT_EQ(milliseconds(30'000), hint({{"RateLimit-Reset", "30"}}));
  EXPECT_EQ(std::nullopt, hint({{"RateLimit-Reset", "30"}, {"RateLimit-Remaining", "4"}}));
}

TEST(WaitHint, ReadsTheWordsOfOtherVendors) {
  const auto told = [](const std::string& text) {
    return hint({}, R"({"error":")" + text + "\"}");
  };
  EXPECT_EQ(milliseconds(90'000), told("Request was throttled. Expected available in 90 seconds."));
  EXPECT_EQ(milliseconds(90'000), told("Wait 90 seconds and try again"));
  EXPECT_EQ(milliseconds(90'000), told("Try after 90 seconds"));
  EXPECT_EQ(milliseconds(120'000), told("try again in about 2 minutes"));
  EXPECT_EQ(milliseconds(90'000), told("Limit resets at: 2026-11-22 12:01:30 UTC"));
  EXPECT_EQ(milliseconds(90'000), told("Please retry after 2026-11-22T12:01:30Z"));
  EXPECT_EQ(std::nullopt, told("Please retry after 2026-11-22T11:00:00Z"));
  EXPECT_EQ(std::nullopt, told("Please wait for 2026-13-45 to come"));
}

}  // namespace
}  // namespace autoreply

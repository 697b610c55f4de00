#include "net/retry_after.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

// Sun, 22 Nov 2026 12:00:00 GMT
const std::chrono::system_clock::time_point kNow =
    std::chrono::system_clock::from_time_t(1'795'348'800);

std::optional<milliseconds> wait(
    std::initializer_list<std::pair<std::string, std::string>> headers) {
  HttpHeaders all;
  for (const auto& [name, value] : headers) all.add(name, value);
  return retry_after(all, kNow);
}

TEST(ParseWaitDuration, ReadsGoAndProtobuf) {
  EXPECT_EQ(milliseconds(12), parse_wait_duration("12ms"));
  EXPECT_EQ(milliseconds(360'000), parse_wait_duration("6m0s"));
  EXPECT_EQ(milliseconds(179'560), parse_wait_duration("2m59.56s"));
  EXPECT_EQ(milliseconds(36'605'700), parse_wait_duration("10h10m5.7s"));
  EXPECT_EQ(milliseconds(7'000), parse_wait_duration("7"));
  EXPECT_EQ(milliseconds(1), parse_wait_duration("20us"));
  EXPECT_EQ(kWaitMax, parse_wait_duration("99999h"));
  for (const char* text : {"", "s", "5x", "-1", "0", "0s", "1s2", "nan", "inf", "1.2.3s", "m5"}) {
    EXPECT_EQ(std::nullopt, parse_wait_duration(text)) << text;
  }
}

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(milliseconds(17'000), wait({{"Retry-After", "17"}}));
  EXPECT_EQ(milliseconds(1'500), wait({{"retry-after", " 1.5 "}}));
}

TEST(RetryAfter, TrustsMillisecondsMore) {
  EXPECT_EQ(milliseconds(1'250), wait({{"retry-after", "2"}, {"retry-after-ms", "1250"}}));
  EXPECT_EQ(milliseconds(1'250), wait({{"x-ms-retry-after-ms", "1250"}}));
  EXPECT_EQ(milliseconds(3'000), wait({{"x-retry-after", "3"}}));
  EXPECT_EQ(milliseconds(2'000), wait({{"retry-after", "2"}, {"retry-after-ms", "soon"}}));
}

TEST(RetryAfter, CountsADateFromTheAnswersOwn) {
  EXPECT_EQ(milliseconds(17'000),
            wait({{"date", "Sun, 22 Nov 2026 15:00:00 GMT"},
                  {"retry-after", "Sun, 22 Nov 2026 15:00:17 GMT"}}));
  EXPECT_EQ(milliseconds(60'000), wait({{"retry-after", "Sun, 22 Nov 2026 12:01:00 GMT"}}));
}

TEST(RetryAfter, ReadsEveryForm) {
  for (const char* value : {"40",
                            " 40 ",
                            "40s",
                            "0m40s",
                            "40000ms",
                            "1795348840",
                            "1795348840.0",
                            "1795348840000",
                            "2026-11-22T12:00:40Z",
                            "2026-11-22T14:00:40.5+02:00",
                            "Sun, 22 Nov 2026 12:00:40 GMT"}) {
    EXPECT_EQ(milliseconds(40'000), wait({{"Retry-After", value}})) << value;
  }
  EXPECT_EQ(milliseconds(40'000), wait({{"retry-after-ms", "1795348840000"}}));
  EXPECT_EQ(milliseconds(40'000),
            wait({{"date", "Sun, 22 Nov 2026 12:00:20 GMT"}, {"retry-after", "1795348860"}}));
}

TEST(RetryAfter, IgnoresNonsense) {
  for (const char* value : {"",
                            "0",
                            "-3",
                            "-3s",
                            "nan",
                            "inf",
                            "soon",
                            "1e999",
                            "1795348799",
                            "1795348799000",
                            "2026-11-22T11:00:00Z",
                            "Sun, 22 Nov 2026 11:00:00 GMT"}) {
    EXPECT_EQ(std::nullopt, wait({{"retry-after", value}})) << value;
  }
  EXPECT_EQ(std::nullopt, wait({{"retry-after", std::string(100'000, '1') + "s"}}));
  EXPECT_EQ(std::nullopt, wait({}));
}

TEST(RetryAfter, BelievesNoMoreThanADay) {
  EXPECT_EQ(kWaitMax, wait({{"retry-after", "999999999"}}));
}

TEST(ParseWait, RoundsUpToAMillisecond) {
  EXPECT_EQ(std::chrono::milliseconds(1), parse_wait_duration("17ns"));
}

TEST(ParseWait, TakesNoDateThatTheClockCannotHold) {
  const auto now = std::chrono::system_clock::time_point(std::chrono::hours(24));
  for (const char* text : {"Sun, 22 Nov 20262 00:00:17 GMT",
                           "Sun, 22 Nov 9999 12:00:17 GMT",
                           "9999-11-22T12:00:14Z",
                           "2263-01-01T00:00:00Z",
                           "1011-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_wait(text, now)) << text;
  }
}

}  // namespace
}  // namespace autoreply

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

TEST(RetryAfter, ReadsSeconds) {
  EXPECT_EQ(milliseconds(17'000), wait({{"Retry-After", "17"}}));
  EXPECT_EQ(milliseconds(1'500), wait({{"retry-after", " 1.5 "}}));
}

TEST(RetryAfter, TrustsMillisecondsMore) {
  EXPECT_EQ(milliseconds(1'250), wait({{"retry-after", "2"}, {"retry-after-ms", "1250"}}));
  EXPECT_EQ(milliseconds(2'000), wait({{"retry-after", "2"}, {"retry-after-ms", "soon"}}));
}

TEST(RetryAfter, CountsADateFromTheAnswersOwn) {
  EXPECT_EQ(milliseconds(17'000),
            wait({{"date", "Sun, 22 Nov 2026 15:00:00 GMT"},
                  {"retry-after", "Sun, 22 Nov 2026 15:00:17 GMT"}}));
  EXPECT_EQ(milliseconds(60'000), wait({{"retry-after", "Sun, 22 Nov 2026 12:01:00 GMT"}}));
}

TEST(RetryAfter, IgnoresNonsense) {
  for (const char* value :
       {"", "0", "-3", "nan", "inf", "soon", "1e999", "Sun, 22 Nov 2026 11:00:00 GMT"}) {
    EXPECT_EQ(std::nullopt, wait({{"retry-after", value}})) << value;
  }
  EXPECT_EQ(std::nullopt, wait({}));
}

TEST(RetryAfter, BelievesNoMoreThanADay) {
  EXPECT_EQ(kWaitMax, wait({{"retry-after", "99999999999"}}));
}

}  // namespace
}  // namespace autoreply

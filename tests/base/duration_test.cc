#include "base/duration.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, ReadsEveryUnitAndTheirSum) {
  EXPECT_EQ(milliseconds{250}, parse_duration("250ms").value());
  EXPECT_EQ(milliseconds{90'000}, parse_duration("90s").value());
  EXPECT_EQ(milliseconds{300'000}, parse_duration("5m").value());
  EXPECT_EQ(milliseconds{86'400'000}, parse_duration("24h").value());
  EXPECT_EQ(milliseconds{604'800'000}, parse_duration("7d").value());
  EXPECT_EQ(milliseconds{1'209'600'000}, parse_duration("2w").value());
  EXPECT_EQ(milliseconds{5'400'000}, parse_duration("1h30m").value());
  EXPECT_EQ(milliseconds{1'500}, parse_duration("1.5s").value());
  EXPECT_EQ(milliseconds{0}, parse_duration("0").value());
  EXPECT_EQ(milliseconds{0}, parse_duration("0s").value());
}

TEST(ParseDuration, RefusesWhatItCannotReadAndSaysTheForm) {
  for (const char* text :
       {"", "5", "s", "-5s", "5 s", "5x", "1e3s", "inf", "nan", "5sm", "99999d"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration.has_value()) << text;
    EXPECT_EQ(ErrorKind::misconfigured, duration.error().kind);
    EXPECT_NE(std::string::npos, duration.error().message.find("90s")) << duration.error().message;
  }
}

TEST(FormatDuration, WritesWhatParseReadsBack) {
  for (const char* text : {"0", "1ms", "250ms", "1s", "1m30s", "2m", "24h", "1d2h3m4s5ms"}) {
    const milliseconds duration = parse_duration(text).value();
    EXPECT_EQ(duration, parse_duration(format_duration(duration)).value()) << text;
  }
  EXPECT_EQ("1d", format_duration(milliseconds{86'400'000}));
  EXPECT_EQ("2m", format_duration(milliseconds{120'000}));
}

}  // namespace
}  // namespace autoreply

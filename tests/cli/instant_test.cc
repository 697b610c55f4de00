#include "cli/instant.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

const std::chrono::system_clock::time_point kNow =
    sys_days{std::chrono::year{2026} / 11 / 22} + 10h + 30min + 250ms;

TEST(ParseInstant, ReadsDaysTimesAndAges) {
  for (const auto& [text, instant] : {std::pair{"2026-11-22", "2026-11-22T00:00:00Z"},
                                      {"2024-02-29", "2024-02-29T00:00:00Z"},
                                      {"2026-11-22T10:00", "2026-11-22T10:00:00Z"},
                                      {"2026-11-22T10:00:07Z", "2026-11-22T10:00:07Z"},
                                      {"2026-11-22 10:00:07", "2026-11-22T10:00:07Z"},
                                      {"2026-11-22T10:00:07.5z", "2026-11-22T10:00:07.500Z"},
                                      {"2026-11-22T10:00:07.123456Z", "2026-11-22T10:00:07.123Z"},
                                      {"2026-11-22T00:30:00+02:00", "2026-11-21T22:30:00Z"},
                                      {"2026-11-22T23:30:00-0530", "2026-11-23T05:00:00Z"},
                                      {"2026-11-22T10:00:00+02", "2026-11-22T08:00:00Z"},
                                      {"2h", "2026-11-22T08:30:00.250Z"},
                                      {"1w", "2026-11-15T10:30:00.250Z"},
                                      {"0", "2026-11-22T10:30:00.250Z"}}) {
    EXPECT_EQ(instant, parse_instant(text, kNow).value_or("")) << text;
  }
}

TEST(ParseInstant, RefusesWhatDoesNotExist) {
  for (const char* text : {"",
                           "yesterday",
                           "2026-99-99",
                           "2026-02-29",
                           "2026-11-31",
                           "0000-01-01",
                           "2026-11",
                           "26-11-22",
                           "2026-11-22T",
                           "2026-11-22T25:00",
                           "2026-11-22T10:60",
                           "2026-11-22T10:00:60Z",
                           "2026-11-22T10:00:00.Z",
                           "2026-11-22T10:00:00.1234567890Z",
                           "2026-11-22T10:00:00Zulu",
                           "2026-11-22T10:00:00 UTC",
                           "2026-11-22T10:00:00+2",
                           "2026-11-22T10:00:00+99:00",
                           "2026-11-22Z",
                           " 2026-11-22",
                           "2026-11-22 ",
                           "-2h",
                           "2 hours"}) {
    const auto instant = parse_instant(text, kNow);
    ASSERT_FALSE(instant) << text;
    EXPECT_NE(std::string::npos, instant.error().message.find("2026-11-22T10:00:00Z")) << text;
  }
}

}  // namespace
}  // namespace autoreply

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

TEST(Masked, LeavesTheRest) {
  for (const char* text : {"Limit 200000, Used 199800, Requested 900",
                           "model gpt-6-luna-2026-09-22 not found",
                           "log 0b6f3d1e-6a55-4b52-9a4e-2d1f0c9b8a77",
                           "on 2026-11-22 12:00:00",
                           "exceed_context_size_error",
                           "max_completion_tokens is not supported with this model"}) {
    EXPECT_EQ(text, masked(text));
  }
  EXPECT_EQ("a b", masked("a\r\n\x01 b"));
}

TEST(Shortened, MarksTheCut) {
  EXPECT_EQ("abc", shortened("abc", 3));
  EXPECT_EQ("ab...", shortened("abcdef", 5));
  EXPECT_EQ("...", shortened("\u00E9\u00E9\u00E9", 4));
}

}  // namespace
}  // namespace autoreply

#include "base/graphemes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::ElementsAre;

TEST(GraphemeEnds, KeepsTogetherWhatPeopleSeeAsOne) {
  EXPECT_THAT(grapheme_ends("ab"), ElementsAre(1, 2));
  EXPECT_THAT(grapheme_ends("e\u0301x"), ElementsAre(3, 4));
  EXPECT_THAT(grapheme_ends("\U0001F468\u200D\U0001F469\u200D\U0001F467!"), ElementsAre(18, 19));
  EXPECT_THAT(grapheme_ends("\U0001F44D\U0001F3FD"), ElementsAre(8));
  EXPECT_THAT(grapheme_ends("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7"), ElementsAre(8, 16));
  EXPECT_THAT(grapheme_ends("\u0915\u094D\u0937"), testing::SizeIs(testing::Le(2U)));
  EXPECT_TRUE(grapheme_ends("").empty());
}

}  // namespace
}  // namespace autoreply

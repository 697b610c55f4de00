#include "base/plain_words.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(PlainWords, AreApartByOneBlankWhateverStandsBetween) {
  EXPECT_EQ(" ", plain_words(""));
  EXPECT_EQ(" ", plain_words(" .,\n"));
  EXPECT_EQ(" invalid x api key 401 ", plain_words("Invalid `x-api_key` (401)."));
  EXPECT_EQ(" it hasnt and it doesnt ", plain_words("It hasn't, and it doesn\u2019t!"));
  EXPECT_EQ(" \u4F59\u989D ", plain_words("\u4F59\u989D"));
}

}  // namespace
}  // namespace autoreply

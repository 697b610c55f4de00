#include "base/sentence.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

std::string_view whole(std::string_view text) {
  return text.substr(0, last_sentence_end(text));
}

TEST(LastSentenceEnd, FindsTheLastWholeSentence) {
  EXPECT_EQ("Yes. We are open!", whole("Yes. We are open! Come and"));
  EXPECT_EQ("Really?", whole("Really? No"));
  EXPECT_EQ("He said \"yes.\"", whole("He said \"yes.\" and then"));
  EXPECT_EQ("Done.", whole("Done."));
  EXPECT_EQ("Wait...", whole("Wait... what"));
  EXPECT_EQ("\u597D\u3002", whole("\u597D\u3002\u4F60"));
  EXPECT_EQ("First line", whole("First line\nsecond"));
  EXPECT_EQ("", whole("Our menu has eleven kinds of"));
  EXPECT_EQ("", whole(""));
}

TEST(LastSentenceEnd, IsNotMisledByPointsInsideASentence) {
  EXPECT_EQ("Ok.", whole("Ok. It costs 3.50 for Dr. Who at 9 a. m. sharp"));
  EXPECT_EQ("Ok.", whole("Ok. Bring fruit, e.g. two"));
  EXPECT_EQ("Ok.", whole("Ok. It costs 3."));
  EXPECT_EQ("Ok. It costs 3.", whole("Ok. It costs 3. Then"));
  EXPECT_EQ("", whole("1. first"));
}

}  // namespace
}  // namespace autoreply

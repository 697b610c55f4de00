#include "base/normal_form.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(FoldedLetters, AreThoseOfTheSameWord) {
  for (const char* text :
       {"Opted Out", "opted-out", " OPTED_OUT! ", "opted\u00A0out", "\uFF2Fpted out"}) {
    EXPECT_EQ("optedout", folded_letters(text)) << text;
  }
  EXPECT_EQ("arret", folded_letters("Arr\u00EAt"));
  EXPECT_EQ("arret", folded_letters("ARRE\u0302T."));
  EXPECT_EQ("\u0441\u0442\u043E\u043F", folded_letters("\u0421\u0422\u041E\u041F"));
  EXPECT_EQ("", folded_letters("\U0001F44D ?!"));
  EXPECT_EQ("a", folded_letters("a\xFF"));
}

TEST(Comparable, LeavesOutWhiteSpaceAndNormalForm) {
  EXPECT_EQ(comparable("Caf\u00E9 is  open"), comparable("Cafe\u0301\u00A0is\r\nopen\u200B"));
  EXPECT_NE(comparable("Cafe is open"), comparable("Caf\u00E9 is open"));
  EXPECT_NE(comparable("cafe"), comparable("Cafe"));
  EXPECT_EQ("a\uFFFD", comparable("a \xFF"));
}

TEST(LetterCount, CountsCharactersAndNotBytes) {
  EXPECT_EQ(5U, letter_count("Caf\u00E9, 7!"));
  EXPECT_EQ(0U, letter_count(""));
}

}  // namespace
}  // namespace autoreply

#include "base/text.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

using std::string_literals::operator""s;

TEST(ToValidUtf8, KeepsValidTextAndMendsTheRest) {
  EXPECT_EQ("caf\xC3\xA9 \xF0\x9F\x98\x80", to_valid_utf8("caf\xC3\xA9 \xF0\x9F\x98\x80"));
  EXPECT_EQ("ab", to_valid_utf8("a\0b"s));
  EXPECT_EQ(
      "a\xEF\xBF\xBD"
      "b",
      to_valid_utf8("a\xFF"
                    "b"));
  EXPECT_EQ("\xEF\xBF\xBD", to_valid_utf8("\xC3"));
  // A surrogate, an overlong slash and a code point beyond the last one.
  EXPECT_EQ(std::string::npos, to_valid_utf8("\xED\xA0\x80").find('\xED'));
  EXPECT_EQ(std::string::npos, to_valid_utf8("\xC0\xAF").find('\xC0'));
  EXPECT_EQ(std::string::npos, to_valid_utf8("\xF4\x90\x80\x80").find('\xF4'));
}

TEST(Utf8Prefix, NeverSplitsACharacter) {
  EXPECT_EQ("a", utf8_prefix("a\xC3\xA9", 2));
  EXPECT_EQ("a\xC3\xA9", utf8_prefix("a\xC3\xA9", 3));
  EXPECT_EQ("", utf8_prefix("\xF0\x9F\x98\x80", 3));
}

TEST(OneLine, FoldsWhiteSpaceAndControlCharacters) {
  EXPECT_EQ("a b c", one_line("  a\r\n\tb\x01 c \n"));
  EXPECT_EQ("", one_line(" \n "));
  // What a terminal would obey: CSI of C1, an override of direction, an isolate.
  EXPECT_EQ("a b c d", one_line("a\u009Bb\u202Ec\u2066d"));
  EXPECT_EQ("\u00E9\u2019\u2060", one_line("\u00E9\u2019\u2060"));
}

TEST(Trimmed, DropsWhiteSpaceAtBothEnds) {
  EXPECT_EQ("a b", trimmed(" \n a b\t"));
  EXPECT_EQ("", trimmed(" \n"));
}

}  // namespace
}  // namespace autoreply

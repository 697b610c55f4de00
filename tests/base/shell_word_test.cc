#include "base/shell_word.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(ShellWord, IsQuotedOnlyIfItMustBe) {
  EXPECT_EQ("callback:0a9f/ws-1.b", shell_word("callback:0a9f/ws-1.b"));
  EXPECT_EQ("''", shell_word(""));
  EXPECT_EQ("'ws 1'", shell_word("ws 1"));
  EXPECT_EQ("'$HOME;#'", shell_word("$HOME;#"));
  EXPECT_EQ(R"('it'\''s')", shell_word("it's"));
}

}  // namespace
}  // namespace autoreply

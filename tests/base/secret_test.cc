#include "base/secret.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(Secret, KeepsItsTextAndGivesItAwayOnce) {
  Secret key("sk-swordfish");
  const Secret copy = key;
  EXPECT_EQ("sk-swordfish", copy.reveal());
  const Secret moved = std::move(key);
  EXPECT_EQ("sk-swordfish", moved.reveal());
  EXPECT_TRUE(key.empty());  // NOLINT(bugprone-use-after-move)
  key = copy;
  EXPECT_EQ("sk-swordfish", key.reveal());
}

TEST(Secret, OverwritesWhatATextHeld) {
  std::string text(200, 'k');
  const char* const bytes = text.data();
  Secret::overwrite(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(bytes, text.data());
  EXPECT_EQ(std::string(200, '\0'), std::string(bytes, 200));
}

}  // namespace
}  // namespace autoreply

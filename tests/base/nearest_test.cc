#include "base/nearest.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

const std::vector<std::string> kWords{
    "limit", "allow-host", "callback-url", "callback-token", "openai", "run"};

TEST(Nearest, IsTheWordWithTheFewestMistakes) {
  for (const auto& [word, meant] : {std::pair{"limti", "limit"},
                                    {"limits", "limit"},
                                    {"lmit", "limit"},
                                    {"openia", "openai"},
                                    {"rnu", "run"},
                                    {"LIMIT", "limit"},
                                    {"callback_url", "callback-url"},
                                    {"callbackurl", "callback-url"},
                                    {"allowed-host", "allow-host"}}) {
    EXPECT_EQ(meant, nearest(word, kWords)) << word;
  }
}

TEST(Nearest, IsTheShortestThatBeginsWithTheWord) {
  EXPECT_EQ("callback-url", nearest("callback", kWords));
}

TEST(Nearest, IsNothingForAWordThatIsLikeNone) {
  for (const char* word : {"", "fly", "frobnicate", "x"}) EXPECT_FALSE(nearest(word, kWords));
}

TEST(Nearest, IsNothingForAWordThatIsTooLong) {
  EXPECT_FALSE(nearest(std::string(100'000, 'a'), {std::string(100'000, 'a')}));
}

TEST(Nearest, IsAskedForAtTheEndOfAMessage) {
  EXPECT_EQ(": did you mean limit?", did_you_mean("limti", kWords));
  EXPECT_EQ("", did_you_mean("frobnicate", kWords));
}

}  // namespace
}  // namespace autoreply

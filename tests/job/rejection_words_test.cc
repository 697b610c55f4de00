#include "job/rejection_words.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(RejectionWords, SayStatusCodeAndText) {
  EXPECT_EQ("400 unsupported_value temperature does not support with this model",
            rejection_words(
                400, "unsupported_value", "'temperature' does not support 0.3 with this model."));
  EXPECT_EQ("403 keine berechtigung für diesen schlüssel",
            rejection_words(403, "", "Keine Berechtigung für diesen Schlüssel!"));
  EXPECT_EQ("rejected", rejection_words(0, "", " Rejected "));
  EXPECT_EQ("500", rejection_words(500, "", ""));
}

TEST(RejectionWords, AreEqualForTheSameRejectionOfTwoJobs) {
  const std::string words = rejection_words(400, "bad_request", "Message is no good. Request");
  EXPECT_EQ("400 bad_request message is no good request", words);
  for (const char* text : {"Message 7 is no good. Request req_7f0c2a91d6e44b0f",
                           "Message 12 is no good. (Request req_abcdefghijklmnop)",
                           "Message is no good. Request: 0195f6b8-3bb1-7a10-8000-0242ac120002",
                           "Message is no good. Request deadbeefcafe",
                           "Message +15555550101 is no good. Request chatcmpl-CxRaBcDeFg",
                           "Message is no good. Request aBcDeFgHiJkLmNoPqR",
                           "MESSAGE IS NO GOOD; request sk-abcdefghijkl"}) {
    EXPECT_EQ(words, rejection_words(400, "bad_request", text)) << text;
  }
  EXPECT_NE(words, rejection_words(401, "bad_request", "Message is no good. Request"));
  EXPECT_NE(words, rejection_words(400, "no_credit", "Message is no good. Request"));
  EXPECT_NE(words, rejection_words(400, "bad_request", "Model is no good. Request"));
}

TEST(RejectionWords, KeepWordsThatOnlyResembleIds) {
  EXPECT_EQ(
      "400 responsibleaipolicyviolation faced added internationalization",
      rejection_words(400, "ResponsibleAIPolicyViolation", "faced added internationalization"));
}

TEST(RejectionWords, AreBoundedWhateverComes) {
  for (const std::string& text : {std::string(1'000'000, 'a'),
                                  std::string(1'000'000, '1'),
                                  std::string(1'000'000, ' '),
                                  std::string(1'000'000, '\xFF'),
                                  std::string(1'000'000, '\0')}) {
    EXPECT_LE(rejection_words(400, text, text).size(), 200U);
  }
  std::string wide;
  for (int count = 0; count < 400; ++count) wide += "\u00E9";
  const std::string words = rejection_words(0, "", wide);
  EXPECT_EQ(200U, words.size());
}

}  // namespace
}  // namespace autoreply

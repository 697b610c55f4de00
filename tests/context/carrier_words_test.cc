#include "context/carrier_words.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

TEST(CarrierWords, AreKnownInEverySpelling) {
  const CarrierWords words;
  for (const char* text : {"STOP",
                           " stop. ",
                           "Stop!\n",
                           "\"stop\"",
                           "stopall",
                           "Stop all",
                           "unsubscribe",
                           "CANCEL",
                           "end",
                           "quit",
                           "revoke",
                           "optout",
                           "opt out",
                           "opt-out",
                           "STOP\nSTOP",
                           "stop stop",
                           "Stop! Stop. \U0001F6D1 STOP",
                           "stop\r\n\r\ncancel",
                           "STOP\n\nSent from my iPhone",
                           "Stop all\nGet Outlook for iOS",
                           "STOP\u00A0\U0001F6D1",
                           "\uFF33\uFF34\uFF2F\uFF30"}) {
    EXPECT_EQ(CarrierWord::opt_out, words.kind_of(text)) << text;
  }
  for (const char* text : {"HELP", "Help?", " info ", "INFO."}) {
    EXPECT_EQ(CarrierWord::help, words.kind_of(text)) << text;
  }
  for (const char* text : {"start", "UNSTOP"}) {
    EXPECT_EQ(CarrierWord::opt_in, words.kind_of(text)) << text;
  }
  EXPECT_EQ(CarrierWord::agreement, words.kind_of("Yes!"));
}

TEST(CarrierWords, AreNoPartOfASentence) {
  const CarrierWords words;
  for (const char* text : {"",
                           "?",
                           "please stop by tomorrow",
                           "help me",
                           "no",
                           "start now",
                           "ends",
                           "\U0001F44D",
                           "stop help",
                           "yes stop",
                           "stop it",
                           "Sent from my iPhone",
                           "the end\nSent from my iPhone",
                           "stop Sent from my iPhone?"}) {
    EXPECT_EQ(CarrierWord::none, words.kind_of(text)) << text;
  }
  EXPECT_EQ(CarrierWord::opt_out, words.kind_of("stop" + std::string(1'000'000, ' ')));
  EXPECT_EQ(CarrierWord::none, words.kind_of("stop" + std::string(1'000'000, '.')));
}

TEST(CarrierWords, AreReplacedByAList) {
  const auto words = CarrierWords::parse(
      {"Stop", "ARR\u00CAT", "help:Aide", "start: d\u00E9but", "yes:oui", "INFO"});
  ASSERT_TRUE(words) << words.error().message;
  EXPECT_EQ(CarrierWord::opt_out, words->kind_of("stop"));
  EXPECT_EQ(CarrierWord::opt_out, words->kind_of("arret"));
  EXPECT_EQ(CarrierWord::help, words->kind_of("AIDE"));
  EXPECT_EQ(CarrierWord::help, words->kind_of("info"));
  EXPECT_EQ(CarrierWord::opt_in, words->kind_of("D\u00C9BUT"));
  EXPECT_EQ(CarrierWord::agreement, words->kind_of("oui"));
  EXPECT_EQ(CarrierWord::none, words->kind_of("HELP"));
  EXPECT_EQ(CarrierWord::none, words->kind_of("cancel"));
}

TEST(CarrierWords, RefuseAListThatCannotBeMeant) {
  EXPECT_EQ(
      "'aid:AIDE' has no meaning that is known: use stop, start, yes or help, as in help:AIDE",
      CarrierWords::parse({"aid:AIDE"}).error().message);
  EXPECT_EQ("'?' holds no word: use STOP", CarrierWords::parse({"?"}).error().message);
}

}  // namespace
}  // namespace autoreply

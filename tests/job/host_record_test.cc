#include "job/host_record.h"

#include <gtest/gtest.h>

namespace autoreply {
namespace {

constexpr const char* kLong = "We open at seven o'clock on Sundays.";

SentReply reply(std::string text, DatabaseTime since = 100'000, std::string log_id = "log-1") {
  return {std::move(log_id), std::move(text), since};
}

SentMessage message(std::string body, DatabaseTime at = 100'500, std::string metadata = "") {
  return {at, std::move(body), std::move(metadata)};
}

bool delivered(const SentReply& one,
               const std::vector<SentMessage>& messages,
               const std::vector<SentReply>& others = {}) {
  return is_delivered(one, others, messages);
}

TEST(IsDelivered, GoesByTheTextApartFromWhiteSpaceAndNormalForm) {
  EXPECT_FALSE(delivered(reply("Yes."), {}));
  EXPECT_TRUE(delivered(reply("Yes."), {message("Yes.")}));
  EXPECT_TRUE(delivered(reply("Caf\u00E9 at 7"), {message(" Cafe\u0301\u00A0at\n7 ")}));
  EXPECT_FALSE(delivered(reply("Yes."), {message("yes.")}));
  EXPECT_FALSE(delivered(reply(""), {message("")}));
}

TEST(IsDelivered, TakesAFooterForAFooterOfLongTextsOnly) {
  EXPECT_TRUE(delivered(reply(kLong), {message(std::string(kLong) + "\nReply STOP to opt out")}));
  EXPECT_TRUE(delivered(reply(kLong), {message(std::string("Bakery: ") + kLong)}));
  EXPECT_FALSE(delivered(reply("Yes."), {message("Yes. Reply STOP to opt out")}));
  EXPECT_FALSE(delivered(reply("Yes."), {message("Yes, we do.")}));
  EXPECT_FALSE(delivered(reply("abcdefghij abcdefghi"), {message("abcdefghij abcdefghi!")}))
      << "19 letters";
  EXPECT_TRUE(delivered(reply("abcdefghij abcdefghij"), {message("abcdefghij abcdefghij!")}));
}

TEST(IsDelivered, BearsWithAClockThatIsTenSecondsBehind) {
  EXPECT_TRUE(delivered(reply("Yes."), {message("Yes.", 90'000)}));
  EXPECT_FALSE(delivered(reply("Yes."), {message("Yes.", 89'999)}));
}

TEST(IsDelivered, LetsOneMessageProveOneReply) {
  const std::vector<SentReply> twin{reply("Yes.", 95'000, "log-2")};
  EXPECT_FALSE(delivered(reply("Yes."), {message("Yes.", 96'000)}, twin));
  EXPECT_TRUE(delivered(reply("Yes."), {message("Yes.", 96'000), message("Yes.", 101'000)}, twin));
  EXPECT_TRUE(delivered(reply("Yes."), {message("Yes.", 101'000), message("Yes.", 85'000)}, twin))
      << "the twin has one from before";
}

TEST(IsDelivered, MatchesEqualTextsFirst) {
  const std::string with_more = std::string(kLong) + " See you!";
  const std::vector<SentReply> other{reply(kLong, 100'000, "log-2")};
  // The only message is the longer reply; it contains the text of the other.
  EXPECT_TRUE(delivered(reply(with_more), {message(with_more)}, other));
  const std::vector<SentReply> longer{reply(with_more, 100'000, "log-2")};
  EXPECT_FALSE(delivered(reply(kLong), {message(with_more)}, longer));
  EXPECT_TRUE(delivered(reply(kLong), {message(with_more), message(with_more)}, longer));
}

TEST(IsDelivered, GoesByTheIdInTheMetadata) {
  EXPECT_TRUE(delivered(reply("Yes."), {message("Other", 100'000, R"({"aiLogId": "log-1"})")}));
  EXPECT_FALSE(delivered(reply("Yes."), {message("Yes.", 100'000, R"({"aiLogId":"log-2"})")}));
  EXPECT_TRUE(delivered(reply("Yes."), {message("Yes.", 100'000, R"({"aiLogId": null})")}));
  EXPECT_TRUE(delivered(reply("Yes."), {message("Yes.", 100'000, R"({"campaign": 7})")}));
  EXPECT_TRUE(delivered(reply("Yes."),
                        {message("Yes.", 101'000)},
                        {reply("Yes.", 100'000, "log-2")}) == false);
  EXPECT_TRUE(
      delivered(reply("Yes."),
                {message("Yes.", 101'000), message("Yes.", 101'000, R"({"aiLogId":"log-2"})")},
                {reply("Yes.", 100'000, "log-2")}))
      << "the other reply has a message that names it";
}

TEST(NewestOfOthers, IsTheNewestMessageThatIsNotOurs) {
  const std::vector<SentReply> ours{reply("Yes.")};
  EXPECT_EQ(std::nullopt, newest_of_others({}, ours));
  const auto newest = [&](const std::vector<SentMessage>& messages) {
    return newest_of_others(messages, ours);
  };
  EXPECT_EQ(std::nullopt, newest({message("Yes. Reply STOP to opt out", 101'000)}));
  EXPECT_EQ(101'000, newest({message("I'll call you", 101'000)}));
  EXPECT_EQ(89'000, newest({message("Yes.", 101'000), message("Yes.", 89'000)}))
      << "before we sent";
  EXPECT_EQ(std::nullopt, newest({message("Anything", 101'000, R"({"aiLogId":"log-9"})")}));
  EXPECT_EQ(101'000, newest({message("Anything", 101'000, R"({"aiLogId":""})")}));
  EXPECT_EQ(101'000, newest({message("", 101'000)})) << "a picture";
  EXPECT_EQ(101'000, newest_of_others(std::vector{message("x", 101'000)}, std::vector{reply("")}));
}

}  // namespace
}  // namespace autoreply
